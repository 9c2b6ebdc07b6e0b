import { littlesLaw, type Sample } from './little';

const SAMPLE: Sample = { at: 1_000, arrived: 100, uses: 90, usedMs: 900, atWork: 2 };

describe("Little's law", () => {
  it('says how many connections are needed, from what was counted between two samples', () => {
    const later = { at: 6_000, arrived: 220, uses: 123, usedMs: 900 + 33 * 300, atWork: 1 };
    const law = littlesLaw([SAMPLE, { ...SAMPLE, at: 3_000, atWork: 3 }, later]);
    expect(law).toEqual({ arrivals: 24, holdMs: 300, needed: 7.2, seen: 2 });
  });

  it.each([[[]], [[SAMPLE]], [[SAMPLE, { ...SAMPLE, at: 2_000 }]]])(
    'needs none if no request came: %j',
    (samples) => {
      expect(littlesLaw(samples)).toMatchObject({ arrivals: 0, holdMs: 0, needed: 0 });
    },
  );
});

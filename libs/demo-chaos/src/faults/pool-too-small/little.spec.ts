import { type Look, littlesLaw } from './little';

const LOOK: Look = { at: 1_000, arrived: 100, uses: 90, usedMs: 900, atWork: 2 };

describe("Little's law", () => {
  it('says how many connections are needed, from what was counted between two looks', () => {
    const later = { at: 6_000, arrived: 220, uses: 123, usedMs: 900 + 33 * 300, atWork: 1 };
    const law = littlesLaw([LOOK, { ...LOOK, at: 3_000, atWork: 3 }, later]);
    expect(law).toEqual({ arrivals: 24, holdMs: 300, needed: 7.2, seen: 2 });
  });

  it.each([[[]], [[LOOK]], [[LOOK, { ...LOOK, at: 2_000 }]]])('needs none where nobody came: %j', (looks) => {
    expect(littlesLaw(looks)).toMatchObject({ arrivals: 0, holdMs: 0, needed: 0 });
  });
});

import { type Situation, Turns } from './turns';

/** Nobody waits, and there is room. */
const CALM: Situation = { now: 10_000, openedAt: 0, waitingHere: 0, waitingElsewhere: false, scarce: false };

describe('a connection that becomes free', () => {
  it.each<[givenBack: boolean, because: string, situation: Partial<Situation>]>([
    [false, 'nobody needs it', {}],
    [false, 'only this process needs it', { waitingHere: 3 }],
    [false, 'only this process needs it, and the budget is scarce', { waitingHere: 3, scarce: true }],
    [true, 'the budget is scarce', { scarce: true }],
    [true, 'only another process needs it', { waitingElsewhere: true }],
    [true, 'only another process needs it, however new it is', { waitingElsewhere: true, openedAt: 9_999 }],
    [true, 'both need it, and the turn is over', { waitingHere: 3, waitingElsewhere: true, openedAt: 9_799 }],
    [
      false,
      'both need it, and the turn is not over',
      { waitingHere: 3, waitingElsewhere: true, openedAt: 9_800 },
    ],
  ])('is given back: %p, since %s', (givenBack, _, situation) => {
    expect(new Turns().mustGiveBack({ ...CALM, ...situation })).toBe(givenBack);
  });

  it('is one of at most 20 a second that are given back', () => {
    const turns = new Turns();
    const givenBack = Array.from({ length: 2_000 }, (_, ms) =>
      turns.mustGiveBack({ ...CALM, now: 10_000 + ms, waitingElsewhere: true }),
    );
    expect(givenBack.filter(Boolean)).toHaveLength(40);
    expect(givenBack.indexOf(true)).toBe(0);
  });

  it('does not use up the pace when it is kept', () => {
    const turns = new Turns();
    expect(turns.mustGiveBack(CALM)).toBe(false);
    expect(turns.mustGiveBack({ ...CALM, scarce: true })).toBe(true);
    expect(turns.mustGiveBack({ ...CALM, scarce: true })).toBe(false);
  });

  it('is given back at any pace while another process takes many, whoever waits here', () => {
    const turns = new Turns();
    turns.giveAllUntil(10_100);
    for (const now of [10_000, 10_001, 10_001, 10_099])
      expect(turns.mustGiveBack({ ...CALM, now, openedAt: now, waitingHere: 3 })).toBe(true);
    expect(turns.mustGiveBack({ ...CALM, now: 10_100 })).toBe(false);
  });

  it('is kept again as soon as that process has what it wants', () => {
    const turns = new Turns();
    turns.giveAllUntil(20_000);
    turns.giveAllUntil(0);
    expect(turns.mustGiveBack(CALM)).toBe(false);
  });
});

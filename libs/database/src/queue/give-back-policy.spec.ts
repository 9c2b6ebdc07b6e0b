import { GiveBackPolicy, type Situation } from './give-back-policy';

/** Nobody waits, and there is room. */
const CALM: Situation = { now: 10_000, openedAt: 0, waitingHere: 0, waitingElsewhere: false, scarce: false };

/** Another process waits, and no slot is free. */
const CONTENDED: Partial<Situation> = { waitingElsewhere: true, scarce: true };

describe('a connection that becomes free', () => {
  it.each<[givenBack: boolean, because: string, situation: Partial<Situation>]>([
    [false, 'nobody needs it', {}],
    [false, 'only this process needs it', { waitingHere: 3 }],
    [false, 'only this process needs it, and the budget is scarce', { waitingHere: 3, scarce: true }],
    [true, 'the budget is scarce', { scarce: true }],
    [false, 'another process waits while slots are free', { waitingElsewhere: true }],
    [false, 'all wait while slots are free', { waitingHere: 3, waitingElsewhere: true }],
    [true, 'only another process needs it, however new it is', { ...CONTENDED, openedAt: 9_999 }],
    [true, 'both need it, and the turn is over', { ...CONTENDED, waitingHere: 3, openedAt: 9_799 }],
    [false, 'both need it, and the turn is not over', { ...CONTENDED, waitingHere: 3, openedAt: 9_800 }],
  ])('is given back: %p, since %s', (givenBack, _, situation) => {
    expect(new GiveBackPolicy().mustGiveBack({ ...CALM, ...situation })).toBe(givenBack);
  });

  it('is one of at most 20 a second that are given back', () => {
    const policy = new GiveBackPolicy();
    const givenBack = Array.from({ length: 2_000 }, (_, ms) =>
      policy.mustGiveBack({ ...CALM, ...CONTENDED, now: 10_000 + ms }),
    );
    expect(givenBack.filter(Boolean)).toHaveLength(40);
    expect(givenBack.indexOf(true)).toBe(0);
  });

  it('does not use up the pace when it is kept', () => {
    const policy = new GiveBackPolicy();
    expect(policy.mustGiveBack(CALM)).toBe(false);
    expect(policy.mustGiveBack({ ...CALM, scarce: true })).toBe(true);
    expect(policy.mustGiveBack({ ...CALM, scarce: true })).toBe(false);
  });

  it('is given back at any pace while another process takes many, whoever waits here', () => {
    const policy = new GiveBackPolicy();
    policy.giveAllUntil(10_100);
    for (const now of [10_000, 10_001, 10_001, 10_099])
      expect(policy.mustGiveBack({ ...CALM, now, openedAt: now, waitingHere: 3 })).toBe(true);
    expect(policy.mustGiveBack({ ...CALM, now: 10_100 })).toBe(false);
  });

  it('is kept again as soon as that process has what it wants', () => {
    const policy = new GiveBackPolicy();
    policy.giveAllUntil(20_000);
    policy.giveAllUntil(0);
    expect(policy.mustGiveBack(CALM)).toBe(false);
  });
});

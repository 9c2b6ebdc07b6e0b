import { LoadTotals } from '@app/load';
import type { Answer } from '@app/service-client';
import type { Scenario } from '../format/scenario';
import { isGreen, type Run, type Sample } from '../run/run';
import type { Clock } from './clock';
import type { Deployment, Observation } from './deployment';
import type { PlayedLoad } from './played-load';
import { Player } from './player';
import { StoppedByHand } from './player-words';
import type { Hand } from './stage';

/** Time that passes as soon as everybody waits for it: the next to wake up is the one who is due first. */
class QuickClock implements Clock {
  private time = 1_000;
  private readonly sleepers: { at: number; wake: () => void }[] = [];
  private turning = false;

  now(): number {
    return this.time;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((wake) => {
      this.sleepers.push({ at: this.time + ms, wake });
      signal.addEventListener('abort', () => wake(), { once: true });
      this.turn();
    });
    signal.throwIfAborted();
  }

  private turn(): void {
    if (this.turning) return;
    this.turning = true;
    setImmediate(() => {
      this.turning = false;
      this.sleepers.sort((a, b) => a.at - b.at);
      const next = this.sleepers.shift();
      if (!next) return;
      this.time = Math.max(this.time, next.at);
      next.wake();
      if (this.sleepers.length > 0) this.turn();
    });
  }
}

const REST: Observation = {
  ...{ max: 100, open: 3, active: 0, idle: 3, held: 0, lock: 0, transaction: 0, waiting: 0 },
  ...{ services: {}, named: [], evidence: [], faults: [], waits: {} },
};

const ok = (detail: string): Answer => ({ status: 200, body: { detail }, ms: 1 });

/** A system that holds connections some time after it was told to, and a load that only counts its steps. */
class Pretended implements Deployment, PlayedLoad {
  readonly clock = new QuickClock();
  readonly started: { fault: string; settings: Record<string, unknown>; at: number }[] = [];
  readonly rates: { rate: number; from: number; to: number }[] = [];
  readonly steps: LoadTotals[] = [];
  readonly underWay = 0;
  resets = 0;
  silentFrom = Number.POSITIVE_INFINITY;
  endsByItselfAt = Number.POSITIVE_INFINITY;
  effectAfterMs = 1_000;
  private heldFrom = Number.POSITIVE_INFINITY;

  observe(): Observation | undefined {
    if (this.clock.now() >= this.silentFrom) return undefined;
    const on = this.clock.now() >= this.heldFrom && this.clock.now() < this.endsByItselfAt;
    return on ? { ...REST, open: 98, held: 95, faults: ['inventory: pool-exhaustion'] } : REST;
  }

  async start(_service: string, fault: string, settings: object): Promise<Answer> {
    this.started.push({ fault, settings: { ...settings }, at: this.clock.now() });
    this.heldFrom = this.clock.now() + this.effectAfterMs;
    return ok('asked 95, holding 95');
  }

  async stop(): Promise<Answer> {
    this.heldFrom = Number.POSITIVE_INFINITY;
    return ok('off');
  }

  async reset(): Promise<string[]> {
    this.resets += 1;
    this.heldFrom = Number.POSITIVE_INFINITY;
    return [];
  }

  async check(id: string) {
    return { id, title: id, state: 'passed' as const, evidence: '', ms: 1 };
  }

  step(rate: number, _behaviour: unknown, from: number, to: number): void {
    this.rates.push({ rate, from, to });
    const totals = new LoadTotals();
    totals.sent('check stock', this.late);
    totals.ended('check stock', 'ok', 5);
    this.steps.push(totals);
  }
  late = false;

  recent() {
    return [];
  }

  async end(): Promise<void> {}
}

const words = { do: 'do', say: 'say', look: 'look' };
const SCENARIO: Scenario = {
  ...{ name: 'test', title: 'A test', sentence: 'A test.', remedy: 'None.', seed: 7, ends: 480 },
  steps: [
    { at: 0, ...words, load: { rate: 10 }, until: 'open < 30' },
    {
      at: 60,
      ...words,
      start: [{ fault: 'pool-exhaustion', service: 'inventory' }],
      until: 'held = 95',
      expect: ['most_open > 90'],
    },
    {
      at: 400,
      ...words,
      stop: [{ fault: 'pool-exhaustion', service: 'inventory' }],
      until: 'held = 0',
      expect: ['failed = 0'],
    },
  ],
};

async function play(
  world: Pretended,
  {
    stop = new AbortController().signal,
    hand,
    scenario = SCENARIO,
  }: { stop?: AbortSignal; hand?: Hand; scenario?: Scenario } = {},
) {
  const samples: Sample[] = [];
  const told: string[] = [];
  const stage = {
    deployment: world,
    load: world,
    clock: world.clock,
    hand,
    tell: (line: string) => told.push(line),
    sample: (sample: Sample) => samples.push(sample),
  };
  const run = await new Player(scenario, stage).play(stop);
  return { run, samples, told };
}

describe('a scenario that is played', () => {
  it('takes its 8 minutes, each step at its time, by whatever clock there is', async () => {
    const world = new Pretended();
    const began = performance.now();
    const { run, samples } = await play(world);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(run).toMatchObject({ how: 'finished', seconds: 480, repeatable: true, left_on: [] });
    expect(run.steps.map(({ at, ended }) => [at, ended])).toEqual([
      [0, 60],
      [60, 400],
      [400, 480],
    ]);
    expect(samples.length).toBeGreaterThan(900);
    expect(world.rates.map(({ rate, from, to }) => [rate, to - from])).toEqual([
      [10, 60_000],
      [10, 340_000],
      [10, 80_000],
    ]);
  });

  it('says after how long the effect of a step has come, and what held of the step', async () => {
    const { run, told } = await play(new Pretended());
    expect(run.steps[1]?.until).toMatchObject({ holds: true, after: 1 });
    expect(run.steps.flatMap(({ expect: proofs }) => proofs)).toMatchObject([
      { holds: true, evidence: 'most_open is 98' },
      { holds: true },
    ]);
    expect(told).toContain('held = 95: yes, after 1 s (held is 95)');
  });

  it('gives each fault a time that is a little longer than the timeline', async () => {
    const world = new Pretended();
    await play(world);
    expect(world.started).toMatchObject([
      { fault: 'pool-exhaustion', settings: { ttl_seconds: 480 - 60 + 15 } },
    ]);
  });

  it('holds the timeline up for an effect that is late, and is not repeatable then', async () => {
    const world = new Pretended();
    world.effectAfterMs = 345_000;
    const { run } = await play(world);
    expect(run).toMatchObject({ how: 'finished', seconds: 485, repeatable: false });
    expect(run.not_repeatable_because).toEqual(['the timeline was held up for 5.0 s']);
    expect(run.steps[1]?.until).toMatchObject({ holds: true, after: 345 });
  });

  it('goes on without an effect that never comes, and says so', async () => {
    const world = new Pretended();
    world.effectAfterMs = 1e9;
    const { run } = await play(world);
    expect(run.how).toBe('finished');
    expect(run.steps[1]?.until?.holds).toBe(false);
  });

  it('says of a fault that ended by itself when that was, and is neither green nor repeatable then', async () => {
    const world = new Pretended();
    world.endsByItselfAt = 200_000;
    const { run, told } = await play(world);
    const [lost = ''] = run.faults_lost;
    expect(lost).toMatch(
      /^inventory: pool-exhaustion was not on any more after 19\d s, and no step had ended it$/,
    );
    expect(run).toMatchObject({ how: 'finished', not_repeatable_because: [lost] });
    expect(told).toContain(lost);
    expect(isGreen(run as Run)).toBe(false);
    expect(isGreen((await play(new Pretended())).run as Run)).toBe(true);
  });

  it('is not called repeatable where more than 1 % of the arrivals were late', async () => {
    const world = new Pretended();
    world.late = true;
    expect((await play(world)).run).toMatchObject({ repeatable: false });
  });

  it.each([
    [
      'a person stops it',
      (_world: Pretended, stop: AbortController) =>
        setImmediate(() => stop.abort(new StoppedByHand('enough'))),
      { how: 'stopped', because: 'enough' },
    ],
    [
      'the console falls silent',
      (world: Pretended) => {
        world.silentFrom = 90_000;
      },
      { how: 'failed', because: expect.stringContaining('silent for 10 s') },
    ],
    [
      'a service refuses',
      (world: Pretended) => {
        world.start = async () => ({ status: 409, body: { detail: 'another service holds it' }, ms: 1 });
      },
      { how: 'failed', because: expect.stringContaining('another service holds it') },
    ],
  ])('resets everything when %s, and says where it ended', async (_what, trouble, ending) => {
    const world = new Pretended();
    const stop = new AbortController();
    trouble(world, stop);
    const { run } = await play(world, { stop: stop.signal });
    expect(run).toMatchObject({ ...ending, repeatable: false });
    expect(world.resets).toBe(1);
    expect(world.observe()?.held ?? 0).toBe(0);
  });

  it('does not begin while something else is on', async () => {
    const world = new Pretended();
    world.observe = () => ({ ...REST, faults: ['order-service: connection-leak'] });
    const { run } = await play(world);
    expect(run).toMatchObject({
      how: 'failed',
      because: expect.stringContaining('order-service: connection-leak'),
      steps: [],
    });
  });

  it('goes on when a person says so, where a person decides', async () => {
    let pressed = 0;
    const hand = {
      next: async () => {
        pressed += 1;
      },
    };
    const { run } = await play(new Pretended(), { hand });
    expect(pressed).toBe(3);
    expect(run).toMatchObject({
      how: 'finished',
      not_repeatable_because: ['a person decided when a step was over'],
    });
  });
});

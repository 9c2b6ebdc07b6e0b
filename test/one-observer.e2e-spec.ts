import { setTimeout } from 'node:timers/promises';
import { eventually } from './support/eventually';
import { Network } from './support/network';
import type { RunningService } from './support/running-service';
import { System } from './support/system';

/** Milliseconds after which a view is too old to go by, and /health says so. */
const VIEW_GOOD_FOR_MS = 1_500;
const ANSWERS_WITHIN_MS = 1_000;

describe('one process asks PostgreSQL for all of them', () => {
  let system: System;
  let replicas: RunningService[];
  /** Each process has its own network to PostgreSQL, because the observer, whichever it is, may have to be cut off. */
  const ways = new Map<RunningService, Network>();

  beforeAll(async () => {
    system = await System.start({ settings: ['pg_stat_statements.track=all'] });
    replicas = await Promise.all((['inventory', 'inventory', 'product'] as const).map(behindItsOwnWay));
    await eventually(async () => expect(await observer()).toMatchObject({ rank: 0 }));
  });
  afterAll(async () => {
    await system?.stop();
    await Promise.all([...ways.values()].map((way) => way.close()));
  });

  async function behindItsOwnWay(app: 'inventory' | 'product') {
    const way = await Network.before(system.settings.port);
    const service = await system.service(app, { DB_PORT: String(way.port) });
    ways.set(service, way);
    return service;
  }

  const locks = () =>
    system.sql<{ rank: number; application_name: string }>(
      `SELECT l.objid::int AS rank, a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
       WHERE l.locktype = 'advisory' AND l.classid = 4243 ORDER BY 1`,
    );
  const observer = async () => (await locks())[0];
  const processOf = (application_name = '') =>
    replicas.find(({ process }) => application_name.includes(`:${process.pid}/`)) as RunningService;
  const asked = async () =>
    Number(
      (
        await system.sql(
          `SELECT sum(calls) AS calls FROM pg_stat_statements WHERE query LIKE '%AS waiting_on_lock%'`,
        )
      )[0]?.calls,
    );

  /** The oldest view and the slowest answer of these over some time, in milliseconds. */
  async function watch(watched: RunningService[], forMs: number) {
    const worst = { age: 0, answer: 0, reasons: new Set<string>() };
    for (const until = performance.now() + forMs; performance.now() < until; await setTimeout(20))
      for (const replica of watched) {
        const { body, ms } = await replica.get('/health');
        worst.age = Math.max(worst.age, body.connection_pool.age_ms);
        worst.answer = Math.max(worst.answer, ms);
        if (body.connection_pool.reason) worst.reasons.add(body.connection_pool.reason);
      }
    return worst;
  }

  const print = (what: string, { age, answer }: { age: number; answer: number }) =>
    process.stdout.write(
      `${what}: oldest view ${Math.round(age)} ms, slowest /health ${Math.round(answer)} ms\n`,
    );

  it('and all have its view', async () => {
    await watch(replicas, 1_500);
    const [before, from] = [await asked(), performance.now()];
    const seen = await watch(replicas, 4_000);
    print('three processes', seen);
    // Without an observer, each process would have asked, three times as often.
    expect((await asked()) - before).toBeLessThan((1.5 * (performance.now() - from)) / 250);
    expect(seen.age).toBeLessThan(VIEW_GOOD_FOR_MS);
    const views = await Promise.all(replicas.map((replica) => replica.get('/health')));
    for (const { body } of views)
      expect(Object.keys(body.connection_pool.by_service).toSorted()).toEqual([
        'inventory-service',
        'product-service',
      ]);
  });

  it.each([
    ['is frozen', 'SIGSTOP', 'SIGCONT'],
    ['is cut off', 'black hole', 'heal'],
  ] as const)('a deputy takes over while it %s, and no longer', async (_, cut, repair) => {
    const before = await observer();
    const gone = processOf(before?.application_name);
    const others = replicas.filter((replica) => replica !== gone);
    if (cut === 'SIGSTOP') gone.process.kill(cut);
    else await ways.get(gone)?.fail(cut);
    const seen = await watch(others, 3_000);
    print(`the observer ${_}`, seen);
    expect(await locks()).toMatchObject([before, { rank: 1 }]);
    expect([...seen.reasons]).toEqual([]);
    expect(seen.age).toBeLessThan(VIEW_GOOD_FOR_MS);
    expect(seen.answer).toBeLessThan(ANSWERS_WITHIN_MS);
    if (repair === 'SIGCONT') gone.process.kill(repair);
    else await ways.get(gone)?.heal();
    await eventually(async () => expect(await locks()).toMatchObject([{ rank: 0 }]));
    await eventually(async () => expect(await locks()).toHaveLength(1));
    await eventually(async () => {
      const { connection_pool } = (await gone.get('/health')).body;
      expect(connection_pool.reason).toBeUndefined();
      expect(connection_pool.age_ms).toBeLessThan(VIEW_GOOD_FOR_MS);
    });
  });

  it('another one takes over when it is killed', async () => {
    const before = await observer();
    const gone = processOf(before?.application_name);
    const others = replicas.filter((replica) => replica !== gone);
    await gone.stop('SIGKILL');
    const killed = performance.now();
    await eventually(async () => {
      const now = await observer();
      expect(now).toMatchObject({ rank: 0 });
      expect(now?.application_name).not.toBe(before?.application_name);
    });
    process.stdout.write(`another observer after ${Math.round(performance.now() - killed)} ms\n`);
    const seen = await watch(others, 2_000);
    print('the observer was killed', seen);
    expect([...seen.reasons]).toEqual([]);
    expect(seen.answer).toBeLessThan(ANSWERS_WITHIN_MS);
  });
});

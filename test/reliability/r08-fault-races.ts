import assert from 'node:assert/strict';
import { eventually } from '../support/eventually';
import type { Answer, RunningService } from '../support/running-service';
import { System } from '../support/system';
import { exactly, within } from './figures';
import type { Figure, Row, Run } from './row';

const CALLS = 50;
const WAITING = 40;

/** R8: faults are switched by several callers at the same moment, however full the budget is. */
export const FAULT_RACES: Row = {
  id: 'R8',
  claim: 'Faults that are switched by many at once end in one state, and a reset always gets through',
  byTime: true,
  async measure(run) {
    const system = await System.start();
    try {
      const start = () => system.service('inventory');
      const [one, two, order] = await Promise.all([start(), start(), system.service('order')]);
      const faults = new Services(system, [one, two], order);
      return [
        ...(await twoHolders(faults, run)),
        ...(await twoResets(faults, run)),
        ...(await resets(faults, run)),
        ...(await manyCalls(faults, run)),
      ];
    } finally {
      await system.stop();
    }
  },
};

/** Two replicas of inventory-service and one of order-service, with what PostgreSQL knows of their faults. */
class Services {
  constructor(
    readonly system: System,
    readonly replicas: [RunningService, RunningService],
    readonly order: RunningService,
  ) {}

  get all(): RunningService[] {
    return [...this.replicas, this.order];
  }

  async held(): Promise<number> {
    return (await this.system.sql(`SELECT FROM pg_stat_activity WHERE application_name LIKE '%held'`)).length;
  }

  declared() {
    return this.system.sql<{ service: string; fault: string; settings: Record<string, unknown> }>(
      'SELECT service, fault, settings FROM demo_faults WHERE expires_at > now() ORDER BY 1, 2',
    );
  }

  async reset(): Promise<Answer[]> {
    const answers = await Promise.all([this.replicas[0].post('/demo/reset'), this.order.post('/demo/reset')]);
    await this.nothingLeft();
    return answers;
  }

  /** Resolves when nothing is declared, nothing is held, and no process keeps the right to hold. */
  async nothingLeft(): Promise<void> {
    await eventually(async () => {
      // Only the class of the holders' locks is selected, because the observer of all processes has a lock of its own.
      const rights = await this.system.sql(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 4242`,
      );
      assert.deepEqual([await this.declared(), await this.held(), rights.length], [[], 0, 0]);
    });
  }

  /** Resolves when every process does exactly what is declared for its service. */
  async asDeclared(): Promise<void> {
    await eventually(async () => {
      const declared = await this.declared();
      const holding = declared.filter(({ fault }) => fault === 'pool-exhaustion');
      assert.ok(holding.length <= 1, 'two services hold');
      assert.equal(await this.held(), holding[0]?.settings.connections ?? 0);
      for (const service of this.all) {
        const { body } = await service.get('/demo/status');
        for (const { fault, enabled, asked } of body.faults) {
          const settings = declared.find(
            (one) => one.service === body.service && one.fault === fault,
          )?.settings;
          assert.equal(enabled, settings !== undefined);
          for (const [name, value] of Object.entries(asked ?? {})) assert.equal(value, settings?.[name]);
        }
      }
    });
  }
}

async function twoHolders(faults: Services, { full, random, progress }: Run): Promise<Figure[]> {
  const rounds = full ? 20 : 2;
  let oneWon = 0;
  for (let round = 1; round <= rounds; round++) {
    progress(`two services ask to hold, ${round} of ${rounds}`);
    const connections = random.between(1, 60);
    const asked = [faults.replicas[round % 2] as RunningService, faults.order];
    const answers = await Promise.all(
      asked.map((service) => service.post('/demo/simulate-pool-exhaustion', { connections })),
    );
    const winner = answers.findIndex(({ status }) => status === 200);
    const loser = answers.find(({ status }) => status === 409);
    if (loser?.body.held_by === `${asked[winner]?.name}-service` && (await faults.held()) === connections)
      oneWon++;
    await faults.reset();
  }
  return [
    exactly('rounds in which one of two services held, and the other was told its name', oneWon, rounds),
  ];
}

async function twoResets(faults: Services, { full, progress }: Run): Promise<Figure[]> {
  const rounds = full ? 20 : 2;
  let both = 0;
  for (let round = 1; round <= rounds; round++) {
    progress(`two resets at once, ${round} of ${rounds}`);
    await faults.replicas[0].post('/demo/simulate-pool-exhaustion');
    await faults.replicas[1].post('/demo/enable-slow-queries');
    const asked = [faults.replicas[0], faults.replicas[round % 2] as RunningService];
    const answers = await Promise.all(asked.map((replica) => replica.post('/demo/reset')));
    await faults.nothingLeft();
    const stopped = answers.flatMap(({ body }) => body.stopped as string[]).sort();
    if (stopped.join() === 'pool-exhaustion,slow-queries') both++;
  }
  return [exactly('pairs of resets at once that stopped each fault once, and left nothing', both, rounds)];
}

async function resets(faults: Services, { full, progress }: Run): Promise<Figure[]> {
  const rounds = full ? 20 : 2;
  const slowest = { answer: 0, free: 0 };
  let served = 0;
  for (let round = 1; round <= rounds; round++) {
    progress(`reset at 100 of 100, ${round} of ${rounds}`);
    const [holder, other] = round % 2 ? faults.replicas : [...faults.replicas].reverse();
    await holder?.post('/demo/simulate-pool-exhaustion', { connections: 100 });
    // On a slow machine the answer comes earlier, while connections of the previous round are still being given back.
    await eventually(async () => assert.equal(await faults.held(), 100));
    const waiting = Array.from({ length: WAITING }, () => faults.order.get('/orders/popular-products'));
    await eventually(async () => {
      const { connection_pool } = (await faults.order.get('/health')).body;
      assert.equal(connection_pool.own.waiting, WAITING);
    });
    const asked = performance.now();
    const answer = (await other?.post('/demo/reset')) as Answer;
    slowest.answer = Math.max(slowest.answer, answer.ms);
    await eventually(async () => assert.equal(await faults.held(), 0));
    slowest.free = Math.max(slowest.free, performance.now() - asked);
    served += (await Promise.all(waiting)).filter(({ status }) => status === 200).length;
  }
  return [
    within('answer to a reset through another replica at 100 of 100, slowest', slowest.answer, 1_000, 1_000),
    within('slots free after it, slowest', slowest.free, 1_000, 1_000),
    exactly('requests that waited and were served after it', served, rounds * WAITING),
  ];
}

async function manyCalls(faults: Services, { full, random, progress }: Run): Promise<Figure[]> {
  const rounds = full ? 20 : 2;
  let consistent = 0;
  let unplanned = 0;
  for (let round = 1; round <= rounds; round++) {
    progress(`${CALLS} fault calls at once, ${round} of ${rounds}`);
    const calls = Array.from({ length: CALLS }, () => {
      const service = faults.all[random.between(0, 2)] as RunningService;
      const kind = random.between(0, 2);
      if (kind === 0) return service.post('/demo/reset');
      if (kind === 1) return service.post('/demo/enable-slow-queries', { delay_ms: random.between(1, 100) });
      return service.post('/demo/simulate-pool-exhaustion', { connections: random.between(1, 100) });
    });
    const answers = await Promise.all(calls);
    unplanned += answers.filter(({ status }) => status !== 200 && status !== 409).length;
    await faults.asDeclared();
    await faults.reset();
    consistent++;
  }
  return [
    exactly(
      `rounds of ${CALLS} calls at once that end as declared, and in nothing after a reset`,
      consistent,
      rounds,
    ),
    exactly('answers to them but 200 and 409', unplanned, 0),
  ];
}

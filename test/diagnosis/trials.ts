import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import type { FailureName } from '@app/diagnosis';
import type { Trial } from './trial';

const EVERYWHERE = ['product', 'inventory', 'order'] as const;

/** A fault of the product under its own name, with one of its settings from weak to strong. */
function made(name: FailureName, key: string, settings: readonly number[], more: Partial<Trial> = {}): Trial {
  const fault = { name, at: ['inventory'] as const, settings: (setting: number) => ({ [key]: setting }) };
  return { name, truth: name, fault, settings, ...more };
}

export const TRIALS: readonly Trial[] = [
  made('slow-queries', 'delay_ms', [60, 100, 300, 600, 2_000]),
  {
    name: 'slow-queries-by-work',
    truth: 'slow-queries',
    settings: [60, 100, 200],
    fault: {
      name: 'slow-queries',
      at: ['inventory'],
      settings: (delay_ms) => ({ delay_ms, mode: 'work' }),
    },
  },
  made('pool-exhaustion', 'connections', [40, 60, 80, 95, 100]),
  made('connection-leak', 'per_minute', [60, 120, 240, 400, 600], { seconds: 12 }),
  made('pool-too-small', 'statement_ms', [200, 300, 450, 600, 900]),
  made('transaction-across-call', 'wait_ms', [100, 250, 500, 1_000, 2_000]),
  made('hot-row-lock', 'rows', [6, 9, 12, 18, 24]),
  made('lock-queue', 'patience_ms', [400, 700, 1_200, 5_000, 30_000]),
  made('idle-in-transaction', 'sessions', [1, 2, 5, 12, 25]),
  made('deadlocks', 'pairs', [1, 2, 4, 8, 12]),
  {
    name: 'missing-index',
    truth: 'missing-index',
    // Orders.
    settings: [60_000, 100_000, 200_000],
    prepare: ({ system }, orders) => system.sql(`TRUNCATE orders; ${manyOrders(orders)}; ANALYZE orders`),
    fault: { name: 'missing-index', at: EVERYWHERE, settings: () => ({}) },
  },
  {
    ...made('n-plus-one', 'rows', [20, 40, 60, 100, 150]),
    fault: { name: 'n-plus-one', at: ['product', 'order'], settings: (rows) => ({ rows }) },
  },
  {
    ...made('network-latency', 'delay_ms', [5, 10, 20, 50, 100]),
    fault: { name: 'network-latency', at: EVERYWHERE, settings: (delay_ms) => ({ delay_ms }) },
  },
  {
    ...made('network-half-open', 'percent', [35, 50, 60, 80, 100], { seconds: 12 }),
    fault: { name: 'network-half-open', at: EVERYWHERE, settings: (percent) => ({ percent }) },
  },
  made('noisy-neighbour', 'workers', [1, 2, 3, 4]),
  made('server-connections-full', 'leave', [0, 1, 2, 4, 6]),
  made('sessions-killed', 'every_ms', [500, 1_000, 2_000, 3_000, 4_000]),
  made('connection-storm', 'per_second', [20, 40, 60, 90, 120]),
  made('statement-timeout', 'timeout_ms', [50, 100, 200, 350, 500]),
  {
    ...made('slow-commit', 'commit_ms', [20, 35, 50, 75, 100]),
    fault: { name: 'slow-commit', at: EVERYWHERE, settings: (commit_ms) => ({ commit_ms }) },
  },
  made('server-restart', 'away_ms', [0, 500, 1_000, 2_000], { seconds: 6 }),
  { name: 'healthy', truth: 'healthy', settings: [0], start: async () => async () => undefined },
  {
    name: 'load-surge',
    truth: 'healthy',
    // More arrivals a second.
    settings: [40, 80, 120, 160, 200],
    async start(world, perSecond) {
      const load = world.load(perSecond, perSecond);
      return async () => {
        load.setRate(0);
        await setTimeout(1_000);
      };
    },
  },
  {
    name: 'busy-machine',
    truth: 'healthy',
    // Processes that compute.
    settings: [1, 2, 3, 4],
    async start(_world, count) {
      const busy: ChildProcess[] = Array.from({ length: count }, () =>
        spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
      );
      return async () => {
        for (const process of busy) process.kill('SIGKILL');
      };
    },
  },
];

function manyOrders(count: number): string {
  return `INSERT INTO orders (user_id, product_id, quantity)
          SELECT 'shopper-' || i % 500, 1 + i % 24, 1 + i % 3 FROM generate_series(1, ${count}) i`;
}

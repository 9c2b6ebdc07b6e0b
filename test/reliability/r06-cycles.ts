import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { usedHeap, WITH_INSPECTOR } from '../support/heap';
import { Load, type Sent } from '../support/load';
import type { RunningService } from '../support/running-service';
import { System } from '../support/system';
import { exactly, within } from './figures';
import type { Figure, Row, Run } from './row';

const HELD = 95;
const REQUESTS_PER_SECOND = 50;
/** Milliseconds that a busy machine may add: requests that it delays arrive together, and open connections of their own. */
const BUSY_MS = 8_000;
/** Cycles after which memory is compared: by then, everything has been used once and compiled. */
const WARM_AFTER = 20;
const MEBIBYTE = 1_024 * 1_024;
/** Bytes that 80 cycles may add: 7,600 connections are opened and closed meanwhile, so 300 bytes for each would show. */
const DRIFT_LIMIT = 2 * MEBIBYTE;

/** R6: the fault of the demo is switched on and off while the other services are used. */
export const CYCLES: Row = {
  id: 'R6',
  claim: 'The pool is exhausted and reset again and again, and is each time as before',
  byTime: true,
  async measure(run) {
    const system = await System.start();
    try {
      const [inventory, product, order] = await Promise.all([
        system.service('inventory', WITH_INSPECTOR),
        system.service('product', WITH_INSPECTOR),
        system.service('order'),
      ]);
      const load = new Load(REQUESTS_PER_SECOND, run.random, () =>
        run.random.next() < 0.5 ? product.get('/products/5') : order.get('/orders/popular-products'),
      );
      try {
        return [...(await cycles(system, { inventory, product }, run)), unplanned(await load.stop())];
      } finally {
        await load.stop();
      }
    } finally {
      await system.stop();
    }
  },
};

async function cycles(
  system: System,
  { inventory, product }: Record<'inventory' | 'product', RunningService>,
  { full, progress }: Run,
): Promise<Figure[]> {
  const rounds = full ? 100 : 4;
  const baseline = await highest(system, 1_000);
  let exact = 0;
  const released: number[] = [];
  const back: number[] = [];
  let warm = 0;
  for (let round = 1; round <= rounds; round++) {
    progress(`cycle ${round} of ${rounds}`);
    if (round === WARM_AFTER + 1) warm = await memory(inventory, product);
    await inventory.post('/demo/simulate-pool-exhaustion', { connections: HELD });
    await eventually(async () => assert.equal(await held(system), HELD), 30_000);
    if (await staysHeld(system)) exact++;
    const reset = performance.now();
    await inventory.post('/demo/reset');
    await eventually(async () => assert.equal(await held(system), 0));
    released.push(performance.now() - reset);
    await eventually(async () => assert.ok((await system.openConnections()) <= baseline));
    back.push(performance.now() - reset);
  }
  const figures = [
    exactly(`cycles in which PostgreSQL counted exactly ${HELD} held`, exact, rounds),
    within('none of them held any more, slowest', Math.max(...released), 1_000, BUSY_MS),
    within(
      `open connections back to the ${baseline} of before the fault, slowest`,
      Math.max(...back),
      1_000,
      BUSY_MS,
    ),
  ];
  return full ? [...figures, drift((await memory(inventory, product)) - warm, rounds - WARM_AFTER)] : figures;
}

function unplanned(answers: Sent[]): Figure {
  const others = answers.filter(({ status }) => status !== 200 && status !== 503);
  return exactly(
    `of ${answers.length} requests to the other services, neither 200 nor 503`,
    others.length,
    0,
  );
}

/** Memory of both processes together: the one that holds, and one that gives way. */
async function memory(...services: RunningService[]): Promise<number> {
  const used = await Promise.all(services.map(usedHeap));
  return used.reduce((sum, bytes) => sum + bytes);
}

function drift(bytes: number, cycles: number): Figure {
  return {
    name: `memory that ${cycles} cycles added to the holder and one other process`,
    measured: `${(bytes / MEBIBYTE).toFixed(2)} MiB`,
    mustReach: `<= ${DRIFT_LIMIT / MEBIBYTE} MiB`,
    holds: bytes <= DRIFT_LIMIT,
  };
}

async function held(system: System): Promise<number> {
  return (await system.sql(`SELECT FROM pg_stat_activity WHERE application_name LIKE '%held'`)).length;
}

/** Whether the number that is held is still exactly the same a little later. */
async function staysHeld(system: System): Promise<boolean> {
  const counts = [];
  for (let poll = 0; poll < 5; poll++) {
    await setTimeout(10);
    counts.push(await held(system));
  }
  return counts.every((count) => count === HELD);
}

/** The highest number of connections open at once, polled for this many milliseconds. */
async function highest(system: System, ms: number): Promise<number> {
  let most = 0;
  for (const until = performance.now() + ms; performance.now() < until; await setTimeout(10))
    most = Math.max(most, await system.openConnections());
  return most;
}

import { setTimeout } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { Load } from '../support/load';
import type { Answer, RunningService } from '../support/running-service';
import { System } from '../support/system';
import { exactly, within } from './figures';
import type { Figure, Row, Run } from './row';

const BUSY_MACHINE_MS = 2_000;
const REFUSED_ANYWAY = 20;

export const QUEUE: Row = {
  id: 'R14',
  claim:
    'With more clients than slots they wait in turn, each until its deadline, and a full queue refuses at once',
  byTime: true,
  async measure(run) {
    const system = await System.start();
    try {
      const holder = await system.service('inventory');
      const deadline = await deadlineFigures(system, holder, run);
      return [...deadline, ...(await turnFigures(system, holder, run))];
    } finally {
      await system.stop();
    }
  },
};

/** Requests that arrive while no slot is free, and that get none. */
async function deadlineFigures(system: System, holder: RunningService, run: Run): Promise<Figure[]> {
  const deadlineMs = run.full ? 3_000 : 1_000;
  const product = await system.service('product', { DB_ACQUIRE_TIMEOUT_MS: String(deadlineMs) });
  await takeAll(system, holder);
  run.progress('requests that get no slot');
  const answers: Answer[] = [];
  const load = new Load(run.full ? 100 : 50, run.random, async () => {
    const answer = await product.get('/products/1');
    answers.push(answer);
    return answer;
  });
  await setTimeout(run.full ? 10_000 : 1_000);
  const sent = await load.stop();
  const right = answers.filter(
    ({ status, headers, body }) =>
      status === 503 && headers.get('retry-after') === '1' && body.reason === 'pool_timeout',
  );
  const earlyMs = deadlineMs - Math.min(...sent.map(({ ms }) => ms));
  const lateMs = Math.max(...sent.map(({ ms }) => ms)) - deadlineMs;
  await product.stop();
  return [
    exactly(
      'answered 503 with Retry-After',
      `${right.length} of ${sent.length}`,
      `${sent.length} of ${sent.length}`,
    ),
    within(`earlier than the deadline of ${deadlineMs} ms`, Math.max(0, earlyMs), 50),
    within(`later than the deadline of ${deadlineMs} ms`, Math.max(0, lateMs), 50, BUSY_MACHINE_MS),
  ];
}

/** A queue that is filled to its limit, one request after the other, and then served by one connection. */
async function turnFigures(system: System, holder: RunningService, run: Run): Promise<Figure[]> {
  const places = run.full ? 300 : 40;
  const order = await system.service('order', {
    DB_POOL_MAX: '1',
    DB_QUEUE_MAX: String(places),
    DB_ACQUIRE_TIMEOUT_MS: '60000',
  });
  await takeAll(system, holder);
  const create = (user_id: string) => order.post('/orders/create', { user_id, product_id: 5, quantity: 1 });
  const users = Array.from({ length: places }, (_, index) => `waiter ${String(index).padStart(4, '0')}`);
  const waiting: Promise<Answer>[] = [];
  run.progress(`${places} requests take their places, one after the other`);
  for (const user of users) {
    waiting.push(create(user));
    await eventually(async () => {
      const { own } = (await order.get('/health')).body.connection_pool;
      if (own.waiting !== waiting.length) throw new Error(`${own.waiting} wait`);
    });
  }
  const refused: Answer[] = [];
  for (let one = 0; one < REFUSED_ANYWAY; one++) refused.push(await create('one too many'));
  await holder.post('/demo/reset');
  const created = (await Promise.all(waiting)).filter(({ status }) => status === 201).length;
  const served = await system.sql<{ user_id: string }>(
    `SELECT user_id FROM orders WHERE user_id LIKE 'waiter %' ORDER BY id`,
  );
  const outOfTurn = served.filter(({ user_id }, index) => user_id !== users[index]).length;
  const full = refused.filter(
    ({ status, headers, body }) =>
      status === 503 && headers.get('retry-after') === '1' && body.reason === 'queue_full',
  );
  return [
    exactly('served out of turn', outOfTurn, 0),
    exactly(
      'served of those that had a place in the queue',
      `${created} of ${places}`,
      `${places} of ${places}`,
    ),
    exactly(
      'refused when the queue was full',
      `${full.length} of ${REFUSED_ANYWAY}`,
      `${REFUSED_ANYWAY} of ${REFUSED_ANYWAY}`,
    ),
    within('refused after, slowest', Math.max(...refused.map(({ ms }) => ms)), 50, BUSY_MACHINE_MS),
  ];
}

/** Makes a service hold all 100 connections of the budget. */
async function takeAll(system: System, holder: RunningService): Promise<void> {
  await holder.post('/demo/simulate-pool-exhaustion', { connections: 100 });
  await eventually(async () => {
    const held = await system.sql(`SELECT FROM pg_stat_activity WHERE application_name LIKE '%held'`);
    if (held.length !== 100) throw new Error(`${held.length} of 100 are held`);
  });
}

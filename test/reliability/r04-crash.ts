import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import type { RunningService } from '../support/running-service';
import { System } from '../support/system';
import { exactly, within } from './figures';
import type { Figure, Row, Run } from './row';

const WORKERS = 8;
/** Maximum number of orders answered before the kill, and of milliseconds after the last of them. */
const KILL_AFTER = { orders: 40, ms: 10 };
/** One of this many rounds kills while all orders wait for a lock, when PostgreSQL does not read their connections. */
const LOCKED_EVERY = 3;

/** Orders by their key: what was answered, and what still has to be repeated. */
class Orders {
  readonly answered = new Map<string, string>();
  readonly unanswered: string[] = [];
  again = 0;
  private made = 0;

  next(): string {
    const again = this.unanswered.shift();
    if (again) this.again++;
    return again ?? `order-${this.made++}`;
  }
}

/** R4: order-service is killed in the middle of its work, again and again. */
export const CRASH: Row = {
  id: 'R4',
  claim: 'A kill -9 loses no acknowledged order, makes none twice, and leaves nothing behind',
  byTime: true,
  async measure(run) {
    const system = await System.start();
    try {
      return await kills(system, run);
    } finally {
      await system.stop();
    }
  },
};

async function kills(system: System, { full, random, progress }: Run): Promise<Figure[]> {
  const rounds = full ? 200 : 3;
  const orders = new Orders();
  let midway = 0;
  let slowest = 0;
  let next = system.service('order');
  for (let round = 1; round <= rounds; round++) {
    progress(`kill ${round} of ${rounds}, ${orders.answered.size} orders acknowledged`);
    const service = await next;
    // The next one starts meanwhile, as a replica would.
    next = system.service('order');
    const locked = round % LOCKED_EVERY === 0;
    if (locked) await lockProducts(system);
    const enough = orders.answered.size + random.between(0, KILL_AFTER.orders);
    const workers = Array.from({ length: WORKERS }, () => orderUntilKilled(service, orders));
    await (locked ? allWait(system) : eventually(() => assert(orders.answered.size >= enough)));
    await setTimeout(random.between(0, KILL_AFTER.ms));
    await service.stop('SIGKILL');
    slowest = Math.max(slowest, await goneAfter(system, service));
    await Promise.all(workers);
    if (locked) await system.sql('COMMIT');
    if (orders.unanswered.length > 0) midway++;
  }
  await sendTheRest(await next, orders);
  return [
    ...(await compared(system, orders, `${rounds} kills, ${midway} amid orders`)),
    within('sessions of a killed process in PostgreSQL, longest', slowest, 1_000, 1_000),
  ];
}

/** Orders until the connection breaks; the orders that were under way by then have to be repeated. */
async function orderUntilKilled(service: RunningService, orders: Orders): Promise<void> {
  for (;;) {
    const key = orders.next();
    try {
      if (await acknowledged(service, orders, key)) continue;
      orders.unanswered.push(key);
      await setTimeout(5);
    } catch {
      orders.unanswered.push(key);
      return;
    }
  }
}

async function acknowledged(service: RunningService, orders: Orders, key: string): Promise<boolean> {
  const order = { user_id: key, product_id: 5, quantity: 1 };
  const { status, text } = await service.post('/orders/create', order, { 'Idempotency-Key': key });
  if (status === 201) orders.answered.set(key, text);
  return status === 201;
}

async function sendTheRest(service: RunningService, orders: Orders): Promise<void> {
  while (orders.unanswered.length > 0) {
    const key = orders.next();
    await eventually(async () => {
      assert(await acknowledged(service, orders, key), `no order for ${key}`);
    });
  }
}

async function lockProducts(system: System): Promise<void> {
  await system.sql('BEGIN');
  await system.sql('SELECT FROM products FOR UPDATE');
}

async function allWait(system: System): Promise<void> {
  await eventually(async () =>
    assert.equal((await system.sql('SELECT FROM pg_locks WHERE NOT granted')).length, WORKERS),
  );
}

/** Milliseconds after which PostgreSQL has no session of the process any more. */
async function goneAfter(system: System, service: RunningService): Promise<number> {
  const killed = performance.now();
  await eventually(async () => {
    // Within a transaction, PostgreSQL would keep showing what it showed first.
    await system.sql('SELECT pg_stat_clear_snapshot()');
    const sessions = await system.sql(
      `SELECT FROM pg_stat_activity WHERE application_name ~ ('^order-service@[^ /]*:' || $1 || '($|[ /])')`,
      [service.process.pid],
    );
    assert.equal(sessions.length, 0, 'a session outlives its process');
  });
  return performance.now() - killed;
}

/** Compares what was acknowledged with what is stored. */
async function compared(system: System, orders: Orders, note: string): Promise<Figure[]> {
  const rows = await system.sql(
    `SELECT id AS order_id, user_id, product_id, quantity, order_date FROM orders WHERE user_id LIKE 'order-%'`,
  );
  const stored = new Map(rows.map((row) => [row.user_id as string, JSON.stringify(row)]));
  const lost = [...orders.answered].filter(([key, text]) => stored.get(key) !== text);
  return [
    exactly(`acknowledged orders lost, of ${orders.answered.size}: ${note}`, lost.length, 0),
    exactly(`orders made twice, of ${orders.again} sent again with their key`, rows.length - stored.size, 0),
    exactly('orders that nobody was told of', rows.length - orders.answered.size, 0),
  ];
}

import { setTimeout } from 'node:timers/promises';
import { Random } from '@app/load';
import type { RunningService } from '../support/running-service';
import { System } from '../support/system';
import { exactly } from './figures';
import { contradictions, type Reservation } from './reservation-history';
import type { Figure, Row, Run } from './row';
import { Troubles } from './troubles';

const ASKING = 500;
const IN_STOCK = 100;
const WORKERS = 16;
const PRODUCTS = 8;
/** Milliseconds after which some of the callers disconnect: some before, some after the change was made. */
const PATIENCE_MS = { first: 1, last: 60 };

/** R3: a rush on one product, then a long history with everything that can go wrong. */
export const STOCK: Row = {
  id: 'R3',
  claim: 'No piece of stock is sold twice, and none is lost',
  byTime: false,
  async measure(run) {
    const system = await System.start();
    try {
      return [...(await rush(system, run)), ...(await history(system, run))];
    } finally {
      await system.stop();
    }
  },
};

async function rush(system: System, { full, progress }: Run): Promise<Figure[]> {
  // This tests who wins: on a slow machine, nobody must give up waiting.
  const patient = { DB_ACQUIRE_TIMEOUT_MS: '30000', DB_STATEMENT_TIMEOUT_MS: '30000' };
  await system.sql(`ALTER ROLE dbadmin SET lock_timeout = '30s'`);
  const start = () => system.service('inventory', patient);
  const replicas = await Promise.all([start(), start()]);
  const rounds = full ? 20 : 1;
  const counts = { exact: 0, other: 0, slowest: 0 };
  for (let round = 1; round <= rounds; round++) {
    progress(`rush ${round} of ${rounds}`);
    await system.sql('UPDATE products SET stock_quantity = $1 WHERE id = 7', [IN_STOCK]);
    const answers = await Promise.all(
      Array.from({ length: ASKING }, (_, index) =>
        (replicas[index % 2] as RunningService).post('/inventory/reserve', { product_id: 7, quantity: 1 }),
      ),
    );
    const sold = answers.filter(({ status }) => status === 200).length;
    const soldOut = answers.filter(({ body }) => body.type === 'urn:problem-type:out-of-stock').length;
    if (sold === IN_STOCK && soldOut === ASKING - IN_STOCK) counts.exact++;
    counts.other += ASKING - sold - soldOut;
    counts.slowest = Math.max(counts.slowest, ...answers.map(({ ms }) => ms));
  }
  await system.sql(`ALTER ROLE dbadmin SET lock_timeout = '2s'`);
  await Promise.all(replicas.map((replica) => replica.stop()));
  return [
    exactly(
      `rounds of ${ASKING} at once for ${IN_STOCK} pieces that sold exactly ${IN_STOCK}`,
      counts.exact,
      rounds,
    ),
    exactly(
      `answers but 200 and 409 out of stock, the slowest after ${counts.slowest.toFixed(0)} ms`,
      counts.other,
      0,
    ),
  ];
}

async function history(system: System, { full, random, progress }: Run): Promise<Figure[]> {
  const seconds = full ? 60 : 3;
  const before = await stockUp(system, random, seconds);
  const troubles = await Troubles.start(system, random);
  const reservations: Reservation[] = [];
  const until = performance.now() + seconds * 1_000;
  const workers = Array.from({ length: WORKERS }, async (_, worker) => {
    const own = new Random(random.between(0, 2 ** 32 - 1));
    for (let number = 0; performance.now() < until; number++)
      reservations.push(await reserve(troubles.replicas, own, `${worker}-${number}`));
  });
  while (performance.now() < until) {
    progress(`${reservations.length} reservations, ${await troubles.next()}`);
    await setTimeout(random.between(50, 400));
  }
  progress('the last reservations find their answer');
  await troubles.heal();
  await Promise.all(workers);
  const after = await stock(system);
  const wrong = contradictions(reservations, before, after);
  const sold = reservations.filter(({ remaining }) => remaining !== undefined);
  return [
    exactly(
      `products whose stock and reservations do not add up, ${troubles.count} troubles in ${seconds} s`,
      wrong.length,
      0,
    ),
    {
      name: 'reservations: made, refused as out of stock, asked more than once',
      measured: [
        sold.length,
        reservations.length - sold.length,
        reservations.filter(({ tries }) => tries > 1).length,
      ].join(', '),
      mustReach: 'some of each',
      holds: sold.length > 0 && sold.length < reservations.length,
    },
    ...wrong.slice(0, 5).map((text) => ({ name: text, measured: 'wrong', mustReach: '', holds: false })),
  ];
}

/** Repeats the request with one key until an answer says whether the reservation was made. */
async function reserve(replicas: RunningService[], random: Random, key: string): Promise<Reservation> {
  const product = random.between(1, PRODUCTS);
  const quantity = random.between(1, 5);
  const started = performance.now();
  for (let tries = 1; ; tries++) {
    const replica = replicas[random.between(0, replicas.length - 1)] as RunningService;
    const patience =
      random.between(0, 3) === 0 ? random.between(PATIENCE_MS.first, PATIENCE_MS.last) : 10_000;
    const answer = await replica
      .post(
        '/inventory/reserve',
        { product_id: product, quantity },
        { 'Idempotency-Key': key },
        AbortSignal.timeout(patience),
      )
      .catch(() => undefined);
    const known = { product, quantity, tries, started, ended: performance.now() };
    if (answer?.status === 200) return { ...known, remaining: answer.body.remaining_stock };
    if (answer?.body.type === 'urn:problem-type:out-of-stock')
      return { ...known, available: answer.body.available };
    await setTimeout(random.between(5, 50));
  }
}

/** Gives the products stock, so that some run out soon, and some never. */
async function stockUp(system: System, random: Random, seconds: number): Promise<Map<number, number>> {
  for (const id of (await stock(system)).keys())
    await system.sql('UPDATE products SET stock_quantity = $2 WHERE id = $1', [
      id,
      random.between(10, 30 * seconds),
    ]);
  return stock(system);
}

async function stock(system: System): Promise<Map<number, number>> {
  const rows = await system.sql<{ id: number; stock_quantity: number }>(
    'SELECT id, stock_quantity FROM products WHERE id <= $1',
    [PRODUCTS],
  );
  return new Map(rows.map(({ id, stock_quantity }) => [id, stock_quantity]));
}

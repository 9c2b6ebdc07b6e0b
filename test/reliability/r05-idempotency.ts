import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { Random } from '@app/load';
import { eventually } from '../support/eventually';
import { inParallel } from '../support/in-parallel';
import type { Answer, RunningService } from '../support/running-service';
import { System } from '../support/system';
import { distinct, exactly } from './figures';
import type { Figure, Row, Run } from './row';

const COPIES = 5;
/** Number of keys that are used at the same time. */
const AT_ONCE = 8;
/** Milliseconds after which every second caller disconnects: before, while and after the order is made. */
const LONGEST_PATIENCE_MS = 200;
const IN_PROGRESS = 'urn:problem-type:request-in-progress';
const REUSED = 'urn:problem-type:idempotency-key-reused';

/** R5: copies of orders whose answers are cut off, repeated until each is answered. */
export const IDEMPOTENCY: Row = {
  id: 'R5',
  claim: 'An Idempotency-Key makes one order, however often and however badly it is sent',
  byTime: false,
  async measure(run) {
    const system = await System.start();
    try {
      const replicas = await Promise.all([system.service('order'), system.service('order')]);
      return [...(await copies(system, replicas, run)), ...(await inProgress(system, replicas, run))];
    } finally {
      await system.stop();
    }
  },
};

const send = (replica: RunningService | undefined, key: string, quantity = 1, signal?: AbortSignal) =>
  (replica as RunningService).post(
    '/orders/create',
    { user_id: key, product_id: 5, quantity },
    { 'Idempotency-Key': key },
    signal,
  );

async function copies(
  system: System,
  replicas: RunningService[],
  { full, random, progress }: Run,
): Promise<Figure[]> {
  const keys = Array.from({ length: full ? 1_000 : 40 }, (_, number) => `key-${number}`);
  const counts = { cut: 0, inProgress: 0, different: 0, replayed: 0, refused: 0 };
  const unplanned: number[] = [];
  const answered = new Map<string, string>();

  const copy = async (key: string, number: number, chance: Random): Promise<string> => {
    const hangsUp = chance.next() < 0.5;
    const signal = hangsUp
      ? AbortSignal.timeout(Math.floor(LONGEST_PATIENCE_MS * chance.next() ** 2))
      : undefined;
    for (let signalled = signal; ; signalled = undefined) {
      const answer = await send(replicas[number % 2], key, 1, signalled).catch((error) => {
        if (!signalled) throw error;
        counts.cut++;
      });
      if (answer?.status === 201) return answer.text;
      if (answer?.body.type === IN_PROGRESS) counts.inProgress++;
      else if (answer) unplanned.push(answer.status);
      await setTimeout(chance.between(1, 20));
    }
  };
  const use = async (key: string) => {
    const chances = Array.from({ length: COPIES }, () => new Random(random.between(0, 2 ** 32 - 1)));
    const texts = new Set(await Promise.all(chances.map((chance, number) => copy(key, number, chance))));
    if (texts.size > 1) counts.different++;
    answered.set(key, [...texts][0] ?? '');
  };
  await inParallel(keys, AT_ONCE, async (key) => {
    await use(key);
    if (answered.size % 100 === 0) progress(`${answered.size} of ${keys.length} keys used`);
  });

  await inParallel(keys, AT_ONCE, async (key) => {
    const again = await send(replicas[0], key);
    if (again.status === 201 && again.text === answered.get(key)) counts.replayed++;
    const other = await send(replicas[1], key, 2);
    if (other.status === 422 && other.body.type === REUSED) counts.refused++;
  });
  return [
    await ordersMade(system, answered, keys.length, counts),
    exactly(
      `keys with ${COPIES} answers that are equal to the byte`,
      keys.length - counts.different,
      keys.length,
    ),
    exactly('keys answered the same when all is over', counts.replayed, keys.length),
    exactly('keys refused with 422 for another body', counts.refused, keys.length),
    exactly('answers but 201 and 409 in progress', distinct(unplanned), 'none'),
  ];
}

/** Counts the orders that are stored exactly as they were answered. */
async function ordersMade(
  system: System,
  answered: Map<string, string>,
  keys: number,
  { cut, inProgress }: { cut: number; inProgress: number },
): Promise<Figure> {
  const rows = await system.sql(
    `SELECT id AS order_id, user_id, product_id, quantity, order_date FROM orders WHERE user_id LIKE 'key-%'`,
  );
  const asAnswered = rows.filter((row) => JSON.stringify(row) === answered.get(row.user_id));
  return {
    name: `orders of ${keys} keys x ${COPIES} copies, ${cut} answers cut, ${inProgress} told "in progress"`,
    measured: `${rows.length}, ${asAnswered.length} as answered`,
    mustReach: `${keys}, all as answered`,
    holds: rows.length === keys && asAnswered.length === keys,
  };
}

/** Holds up the first copy in the middle of its transaction: the others must be refused with that reason, and not wait. */
async function inProgress(
  system: System,
  replicas: RunningService[],
  { full, progress }: Run,
): Promise<Figure[]> {
  const keys = Array.from({ length: full ? 20 : 2 }, (_, number) => `held-${number}`);
  progress(`${keys.length} more are held up`);
  let refused = 0;
  let made = 0;
  for (const key of keys) {
    await system.sql('BEGIN');
    await system.sql('SELECT FROM products WHERE id = 5 FOR UPDATE');
    const first = send(replicas[0], key);
    await eventually(async () =>
      assert.equal((await system.sql('SELECT FROM pg_locks WHERE NOT granted')).length, 1),
    );
    const others = await Promise.all(
      Array.from({ length: COPIES - 1 }, (_, number) => send(replicas[number % 2], key)),
    );
    await system.sql('COMMIT');
    refused += others.filter(isInProgress).length;
    if ((await first).status === 201) made++;
  }
  const most = keys.length * (COPIES - 1);
  return [
    exactly('copies told 409 with Retry-After while the first is worked on', refused, most),
    exactly('firsts that were made all the same', made, keys.length),
  ];
}

function isInProgress({ status, headers, body }: Answer): boolean {
  return status === 409 && body.type === IN_PROGRESS && headers.get('retry-after') === '1';
}

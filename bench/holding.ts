import type { Child } from './child.ts';
import type { Database } from './database.ts';
import type { Order } from './load-generator.ts';
import { OPERATIONS } from './operations.ts';
import { type Spread, spread } from './statistics.ts';
import { VARIANTS } from './variants.ts';

/** Milliseconds until PostgreSQL counts that many connections more, and until it counts them no more. */
export interface Holding {
  connections: number;
  load: 'idle' | 'under load';
  hold: Spread;
  release: Spread;
}

const BUDGET = 100;

export async function holding(
  amounts: number[],
  database: Database,
  sinkPort: number,
  generator: Child,
  rounds: number,
  progress: (text: string) => void,
): Promise<Holding[]> {
  const shipped = VARIANTS.find(({ key }) => key === 'shipped');
  if (!shipped) return [];
  await database.sql(`ALTER ROLE dbadmin CONNECTION LIMIT ${BUDGET}`);
  const inventory = await shipped.start('inventory', database, sinkPort);
  const order = await shipped.start('order', database, sinkPort);
  const measured: Holding[] = [];
  for (const load of ['idle', 'under load'] as const) {
    for (const connections of amounts) {
      const hold: number[] = [];
      const release: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        progress(`hold ${connections}, ${load}, round ${round} of ${rounds}`);
        const stopLoad = load === 'idle' ? undefined : keepBusy(generator, order);
        hold.push(
          await timed(
            () => post(inventory, '/demo/simulate-pool-exhaustion', { connections }),
            atLeast(connections),
          ),
        );
        release.push(await timed(() => post(inventory, '/demo/reset'), atMost(connections - 1)));
        await stopLoad;
        await database.until(atMost(15));
      }
      measured.push({ connections, load, hold: spread(hold), release: spread(release) });
    }
  }
  for (const child of [inventory, order]) await child.stop();
  await database.sql(`ALTER ROLE dbadmin CONNECTION LIMIT 300`);
  return measured;

  async function timed(act: () => Promise<unknown>, reached: (held: number) => boolean): Promise<number> {
    const started = performance.now();
    const done = act();
    await database.until(reached);
    const ms = performance.now() - started;
    await done;
    return ms;
  }
}

const atLeast = (wanted: number) => (held: number) => held >= wanted;
const atMost = (wanted: number) => (held: number) => held <= wanted;

/** Requests to another service meanwhile, more than it can answer at once; whether they succeed is not the question. */
async function keepBusy(generator: Child, { greeting }: Child): Promise<void> {
  const [check] = OPERATIONS.filter(({ name }) => name === 'popular-products');
  const order: Order = { port: greeting.port, requests: check?.requests ?? [], connections: 32, seconds: 3 };
  await generator.ask(order);
}

async function post({ greeting }: Child, path: string, body: object = {}): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${greeting.port}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
}

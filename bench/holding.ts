import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';
import type { Database } from './database.ts';
import type { Order } from './load-generator.ts';
import { anywhere } from './machine.ts';
import { OPERATIONS } from './operations.ts';
import { type Spread, spread } from './statistics.ts';
import { VARIANTS } from './variants.ts';

/** Milliseconds until PostgreSQL counts that many held connections, and until it counts none any more. */
export interface Holding {
  connections: number;
  load: 'idle' | 'under load';
  hold: Spread;
  release: Spread;
  /** Ratio to the time in which a program that does nothing else opens as many, in the same round. */
  toPgAlone: Spread;
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
  // The server does the work, on every core it gets.
  database.spread();
  const inventory = await shipped.start('inventory', database, sinkPort, anywhere);
  const order = await shipped.start('order', database, sinkPort, anywhere);
  const script = fileURLToPath(new URL('peers/openings.ts', import.meta.url));
  const pgAlone = await Child.start([script], database.environment, anywhere);
  const measured: Holding[] = [];
  for (const load of ['idle', 'under load'] as const) {
    for (const connections of amounts) {
      const hold: number[] = [];
      const release: number[] = [];
      const toPgAlone: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        progress(`hold ${connections}, ${load}, round ${round} of ${rounds}`);
        const alone = await timed(() => pgAlone.ask({ open: connections }), connections);
        await timed(() => pgAlone.ask({ open: 0 }), 0);
        const stopLoad = load === 'idle' ? undefined : keepBusy(generator, order);
        const held = await timed(
          () => post(inventory, '/demo/simulate-pool-exhaustion', { connections }),
          connections,
        );
        hold.push(held);
        toPgAlone.push(held / alone);
        release.push(await timed(() => post(inventory, '/demo/reset'), 0));
        await stopLoad;
        await database.untilOpen((open) => open <= FEW);
      }
      measured.push({
        connections,
        load,
        hold: spread(hold),
        release: spread(release),
        toPgAlone: spread(toPgAlone),
      });
    }
  }
  for (const child of [inventory, order, pgAlone]) await child.stop();
  await database.sql(`ALTER ROLE dbadmin CONNECTION LIMIT 300`);
  return measured;

  async function timed(act: () => Promise<unknown>, held: number): Promise<number> {
    const started = performance.now();
    const done = act();
    await database.untilHeld(held);
    const ms = performance.now() - started;
    await done;
    return ms;
  }
}

/** Connections that the services have at rest, and a margin. */
const FEW = 15;

/** Sends requests to another service meanwhile, more than it can answer at once; whether they succeed does not matter. */
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

import type { Child } from './child.ts';
import { type Effort, send } from './comparison.ts';
import type { Database } from './database.ts';
import { cpuSeconds } from './machine.ts';
import { post } from './operations.ts';
import { type Spread, spread } from './statistics.ts';
import { VARIANTS } from './variants.ts';

/** What telemetry adds to a request of so many statements. */
export interface StatementCost {
  statements: number;
  request: string;
  /** CPU per request as shipped, to that with telemetry off. */
  ratio: Spread;
  /** Microseconds of CPU that telemetry adds. */
  added: Spread;
}

const KEY = 'Idempotency-Key: bench\r\n';

const REQUESTS = [
  {
    statements: 1,
    name: 'a reservation',
    text: post('/inventory/reserve', { product_id: 1, quantity: 1 }),
    expected: 200,
  },
  {
    statements: 2,
    name: 'a reservation of more than there is',
    text: post('/inventory/reserve', { product_id: 2, quantity: 1_000 }),
    expected: 409,
  },
  {
    statements: 4,
    name: 'the same reservation again, by its key',
    text: post('/inventory/reserve', { product_id: 3, quantity: 1 }, KEY),
    expected: 200,
  },
];

export async function statementCosts(
  database: Database,
  sinkPort: number,
  generator: Child,
  effort: Effort,
  progress: (text: string) => void,
): Promise<StatementCost[]> {
  const variants = VARIANTS.filter(({ key }) => key === 'untraced' || key === 'shipped');
  const children = await Promise.all(variants.map(({ start }) => start('inventory', database, sinkPort)));
  await database.sql('UPDATE products SET stock_quantity = 10 WHERE id = 2');
  const costs: StatementCost[] = [];
  for (const { statements, name, text, expected } of REQUESTS) {
    progress(`a request of ${statements} statements`);
    // A key in use by two at once is a conflict, so there is one connection.
    const how = { seconds: effort.seconds, connections: 1 };
    const measured: number[][] = [];
    for (let round = 0; round <= effort.rounds; round++) {
      const cpu: number[] = [];
      for (const child of children) {
        const before = cpuSeconds(child.pid);
        const { answered } = await send(generator, child, { name, requests: [text] }, how, expected);
        cpu.push(((cpuSeconds(child.pid) - before) * 1e6) / answered);
      }
      // The first round is for the compiler.
      if (round > 0) measured.push(cpu);
    }
    const pairs = measured as [number, number][];
    costs.push({
      statements,
      request: name,
      ratio: spread(pairs.map(([without, shipped]) => shipped / without)),
      added: spread(pairs.map(([without, shipped]) => shipped - without)),
    });
  }
  for (const child of children) await child.stop();
  await database.sql('UPDATE products SET stock_quantity = 2000000000 WHERE id = 2');
  return costs;
}

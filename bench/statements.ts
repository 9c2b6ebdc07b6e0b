import type { Child } from './child.ts';
import { type Effort, keeping, LEAD_IN_SECONDS, send, TURN_SECONDS } from './comparison.ts';
import type { Database } from './database.ts';
import { cpuSeconds } from './machine.ts';
import { post } from './operations.ts';
import { middleHalf, type Spread } from './statistics.ts';
import { VARIANTS, type Variant } from './variants.ts';

/** What telemetry adds to a request with that many statements. */
export interface StatementCost {
  statements: number;
  request: string;
  /** Ratio of CPU per request as shipped to that with telemetry off. */
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
  const measured = REQUESTS.map((): [without: number, shipped: number][] => []);
  await database.sql('UPDATE products SET stock_quantity = 10 WHERE id = 2');
  const start = ({ start }: Variant) => start('inventory', keeping(database), sinkPort);
  const children = await Promise.all(variants.map(start));
  for (const [index, { statements, name, text, expected }] of REQUESTS.entries()) {
    progress(`a request of ${statements} statements`);
    // Using a key twice at once is a conflict, so there is only one connection.
    const ask = (child: Child, seconds: number) =>
      send(generator, child, { name, requests: [text] }, { seconds, connections: 1 }, expected);
    for (const child of [...children, ...children]) await ask(child, effort.warmUp);
    for (let round = 1; round <= effort.rounds; round++) {
      const cpu: number[] = [];
      for (const child of children) {
        await ask(child, LEAD_IN_SECONDS);
        const before = cpuSeconds(child.pid);
        const { answered } = await ask(child, TURN_SECONDS);
        cpu.push(((cpuSeconds(child.pid) - before) * 1e6) / answered);
      }
      measured[index]?.push(cpu as [number, number]);
    }
  }
  for (const child of children) await child.stop();
  await database.sql('UPDATE products SET stock_quantity = 2000000000 WHERE id = 2');
  return REQUESTS.map(({ statements, name }, index) => ({
    statements,
    request: name,
    ratio: middleHalf(measured[index]?.map(([without, shipped]) => shipped / without) ?? []),
    added: middleHalf(measured[index]?.map(([without, shipped]) => shipped - without) ?? []),
  }));
}

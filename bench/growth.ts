import type { Child } from './child.ts';
import { send } from './comparison.ts';
import type { Database } from './database.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { VARIANTS } from './variants.ts';

type Times = { p50: number; p95: number; p99: number };

/** How long things take with that many rows in the table of orders, in milliseconds. */
export interface Growth {
  orders: number;
  popularProducts: Times;
  check: Times;
  /** One poll of the connections of all processes. */
  sharedViewMs: number;
}

// The query that a service sends four times a second.
const SHARED_VIEW = `
  SELECT a.usename = 'dbadmin' AS in_budget, a.application_name, r.rolconnlimit, count(*)
  FROM pg_stat_activity a, pg_roles r
  WHERE r.rolname = 'dbadmin' AND a.usename IN ('dbadmin', 'dbcontrol') GROUP BY 1, 2, 3`;

export async function growth(
  sizes: number[],
  database: Database,
  sinkPort: number,
  generator: Child,
  seconds: number,
  progress: (text: string) => void,
): Promise<Growth[]> {
  const shipped = VARIANTS.find(({ key }) => key === 'shipped');
  if (!shipped) return [];
  const inventory = await shipped.start('inventory', database, sinkPort);
  const order = await shipped.start('order', database, sinkPort);
  const measured: Growth[] = [];
  for (const orders of sizes) {
    progress(`${orders} orders`);
    await database.orders(orders);
    const time = async (child: Child, name: Operation['name']) => {
      const operation = OPERATIONS.find((one) => one.name === name) as Operation;
      // One at a time, because this measures how long it takes, not how it queues.
      const { p50, p95, p99 } = await send(generator, child, operation, { seconds, connections: 1 });
      return { p50, p95, p99 };
    };
    measured.push({
      orders,
      popularProducts: await time(order, 'popular-products'),
      check: await time(inventory, 'check'),
      sharedViewMs: await database.time(SHARED_VIEW),
    });
  }
  for (const child of [inventory, order]) await child.stop();
  await database.orders(10);
  return measured;
}

import type { Client } from 'pg';
import type { Log, SetUpSettings } from './set-up-settings';

/** Adds past orders until there are as many as asked for: a missing index is felt from 200,000 on. */
export async function addDemoOrders(
  owner: Client,
  { demoOrders = 0 }: SetUpSettings,
  log: Log,
): Promise<void> {
  if (demoOrders === 0) return;
  const { rows } = await owner.query<{ there: number }>('SELECT count(*)::int AS there FROM orders');
  const missing = demoOrders - (rows[0]?.there ?? 0);
  if (missing <= 0) return;
  await owner.query(
    `INSERT INTO orders (user_id, product_id, quantity, order_date)
     SELECT 'shopper-' || i % 500, p.ids[1 + i % cardinality(p.ids)], 1 + i % 3, now() - make_interval(secs => i)
     FROM generate_series(1, $1::int) i, (SELECT array_agg(id ORDER BY id) AS ids FROM products) p`,
    [missing],
  );
  await owner.query('ANALYZE orders');
  log(`${missing} orders of the past added: ${demoOrders} in all`);
}

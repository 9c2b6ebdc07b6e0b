import { kindOf } from './statement-statistics';

describe('a statement of pg_stat_statements', () => {
  it.each([
    ['SELECT id FROM products WHERE id = $1', 'SELECT', 'products'],
    [
      'SELECT o.n FROM (SELECT n FROM (SELECT n FROM orders LIMIT $1) l) o JOIN products p ON true',
      'SELECT',
      'orders',
    ],
    ['INSERT INTO orders (user_id) SELECT $1 FROM products WHERE id = $2', 'INSERT', 'orders'],
    ['UPDATE public.products SET stock_quantity = $1', 'UPDATE', 'products'],
    ['DELETE FROM ONLY "idempotency_keys"', 'DELETE', 'idempotency_keys'],
    ['/* from elsewhere */ select 1', 'SELECT', ''],
    ['BEGIN', 'BEGIN', ''],
    ['', '', ''],
  ])('is named by operation and first table: %s', (query, operation, table) => {
    expect(kindOf(query)).toEqual({ operation, table });
  });
});

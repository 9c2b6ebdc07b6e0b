import type { RunningService } from './support/running-service';
import { System } from './support/system';

describe('orders', () => {
  let system: System;
  let order: RunningService;

  beforeAll(async () => {
    system = await System.start();
    // All of them arrive at once on a slow machine: this tests what is stored, not how long it takes.
    order = await system.service('order', {
      DB_ACQUIRE_TIMEOUT_MS: '30000',
      DB_STATEMENT_TIMEOUT_MS: '30000',
    });
  });
  afterAll(() => system?.stop());

  it('are stored as requested, and answered with what was stored', async () => {
    const asked = { user_id: `Zoë "O'Hara" 👩‍🔬 $1; --`, product_id: 11, quantity: 3 };
    const { status, body } = await order.post('/orders/create', asked);
    expect(status).toBe(201);
    const [stored] = await system.sql(
      `SELECT *, now() - order_date < '1 hour' AS new FROM orders WHERE id = $1`,
      [body.order_id],
    );
    expect(stored).toMatchObject({ ...asked, new: true });
    expect(body).toEqual({ order_id: stored?.id, ...asked, order_date: stored?.order_date.toISOString() });
  });

  it('are stored each once when 100 orders arrive at the same time', async () => {
    const users = Array.from({ length: 100 }, (_, index) => `user-${index}`);
    const answers = await Promise.all(
      users.map((user_id) => order.post('/orders/create', { user_id, product_id: 3, quantity: 1 })),
    );
    const stored = await system.sql(
      'SELECT id AS order_id, user_id FROM orders WHERE product_id = 3 ORDER BY id',
    );
    const answered = answers.map(({ body: { order_id, user_id } }) => ({ order_id, user_id }));
    expect(answered.sort((a, b) => a.order_id - b.order_id)).toEqual(stored);
    expect(new Set(stored.map(({ user_id }) => user_id))).toEqual(new Set(users));
  });

  it('make products popular while they are among the latest 10,000', async () => {
    const many = (product: number, orders: number) =>
      system.sql(
        `INSERT INTO orders (user_id, product_id, quantity) SELECT 'many', $1, 1 FROM generate_series(1, $2::int)`,
        [product, orders],
      );
    const popular = async () => {
      const { body } = await order.get('/orders/popular-products?limit=100');
      return body.popular_products.map(({ product_id, order_count }: Record<string, number>) => [
        product_id,
        order_count,
      ]);
    };
    await many(4, 6_000);
    await many(9, 6_000);
    expect(await popular()).toEqual([
      [9, 6_000],
      [4, 4_000],
    ]);
    await many(2, 5_000);
    expect(await popular()).toEqual([
      [2, 5_000],
      [9, 5_000],
    ]);
  });
});

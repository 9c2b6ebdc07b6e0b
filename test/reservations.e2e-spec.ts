import type { RunningService } from './support/running-service';
import { System } from './support/system';

describe('reservations and orders', () => {
  let system: System;
  /** Two processes of one service. */
  let inventories: RunningService[];
  let order: RunningService;

  beforeAll(async () => {
    system = await System.start();
    // All at once on a slow machine: this is about who wins, not about how long it takes.
    const patient = { DB_ACQUIRE_TIMEOUT_MS: '30000', DB_STATEMENT_TIMEOUT_MS: '30000' };
    await system.sql(`ALTER ROLE dbadmin SET lock_timeout = '30s'`);
    [order, ...inventories] = await Promise.all([
      system.service('order', patient),
      system.service('inventory', patient),
      system.service('inventory', patient),
    ]);
  });
  afterAll(() => system?.stop());

  /** Sends so many reservations at the same time, to both processes in turn. */
  const reserveAll = (product_id: number, count: number, quantityOf: (index: number) => number) =>
    Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const asked = { product_id, quantity: quantityOf(index) };
        const process = inventories[index % 2] as RunningService;
        return { asked, ...(await process.post('/inventory/reserve', asked)) };
      }),
    );
  const setStock = (id: number, stock: number) =>
    system.sql('UPDATE products SET stock_quantity = $2 WHERE id = $1', [id, stock]);
  const stockOf = async (id: number): Promise<number> =>
    (await system.sql('SELECT stock_quantity FROM products WHERE id = $1', [id]))[0]?.stock_quantity;

  it('sell a stock of 50 to exactly 50 of 200 who ask at the same time', async () => {
    await setStock(7, 50);
    const answers = await reserveAll(7, 200, () => 1);
    const won = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status === 409);
    expect([won.length, lost.length]).toEqual([50, 150]);
    expect(new Set(won.map(({ body }) => body.remaining_stock)).size).toBe(50);
    for (const { body } of lost)
      expect(body).toMatchObject({ type: 'urn:problem-type:out-of-stock', available: 0 });
    expect(await stockOf(7)).toBe(0);
  });

  it('never sell more than there is when everybody wants another quantity', async () => {
    await setStock(8, 150);
    const answers = await reserveAll(8, 100, (index) => (index % 7) + 1);
    const won = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status === 409);
    expect(won.length + lost.length).toBe(100);
    for (const { asked, body } of won) expect(body.reserved).toBe(asked.quantity);
    const sold = won.reduce((sum, { body }) => sum + body.reserved, 0);
    expect(sold + (await stockOf(8))).toBe(150);
    // All together asked for more than there was, and who got nothing for more than was left.
    expect(lost.length).toBeGreaterThan(0);
    for (const { asked, body } of lost) expect(body.available).toBeLessThan(asked.quantity);
  });

  it('are stored as they were asked for, and answered with what was stored', async () => {
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
});

import { eventually } from './support/eventually';
import type { RunningService } from './support/running-service';
import { System } from './support/system';

const DELAY_MS = 2_900;

describe('slow queries', () => {
  let system: System;
  let product: RunningService;
  let inventory: RunningService;
  let order: RunningService;

  beforeAll(async () => {
    system = await System.start();
    [product, inventory, order] = await Promise.all([
      system.service('product'),
      system.service('inventory'),
      system.service('order'),
    ]);
  });
  afterAll(() => system?.stop());
  afterEach(() => Promise.all([product, inventory, order].map((service) => service.post('/demo/reset'))));

  const sleeping = () =>
    system.sql<{ pid: number; query: string }>(
      `SELECT pid, query FROM pg_stat_activity WHERE usename = 'dbadmin' AND wait_event = 'PgSleep'`,
    );

  it('delays the real statement inside PostgreSQL, and proves it', async () => {
    const { body } = await inventory.post('/demo/enable-slow-queries', { delay_ms: DELAY_MS });
    expect(body).toMatchObject({ enabled: true, asked: { delay_ms: DELAY_MS } });
    expect(body.measured).toBeUndefined();

    const check = inventory.get('/inventory/check/5');
    const [running] = await eventually(async () => {
      const rows = await sleeping();
      expect(rows).toHaveLength(1);
      return rows;
    });
    expect(running?.query).toBe('SELECT id AS product_id, name, stock_quantity FROM products WHERE id = $1');
    const answer = await check;
    expect(answer.status).toBe(200);
    expect(answer.ms).toBeGreaterThanOrEqual(DELAY_MS);

    const [fault] = (await inventory.get('/demo/status')).body.faults;
    expect(fault.effective).toBe(true);
    expect(fault.measured.added_ms).toBeGreaterThanOrEqual(DELAY_MS);
    expect(fault.detail).toMatch(/^asked \+2900 ms, last statement \+29\d\d ms in the server$/);
  });

  it('delays SELECT, UPDATE and INSERT alike, each once', async () => {
    await system.sql('SELECT pg_stat_statements_reset()');
    const services = [product, inventory, order];
    await Promise.all(
      services.map((service) => service.post('/demo/enable-slow-queries', { delay_ms: 400 })),
    );
    const answers = await Promise.all([
      product.get('/products/1'),
      product.get('/products?limit=3'),
      inventory.post('/inventory/reserve', { product_id: 5, quantity: 1 }),
      order.post('/orders/create', { user_id: 'u', product_id: 5, quantity: 1 }),
      order.get('/orders/popular-products'),
    ]);
    for (const { status, ms } of answers) {
      expect(status).toBeLessThan(300);
      expect(ms).toBeGreaterThanOrEqual(400);
    }
    const statements = await system.sql(
      `SELECT query, mean_exec_time FROM pg_stat_statements WHERE query ~ '^(SELECT|UPDATE|INSERT)' AND max_exec_time >= 400`,
    );
    expect(statements).toHaveLength(5);
  });

  it('leaves the other services as fast as they were', async () => {
    await inventory.post('/demo/enable-slow-queries', { delay_ms: DELAY_MS });
    expect((await product.get('/products/1')).ms).toBeLessThan(DELAY_MS);
  });

  it('is over for the first request after the reset, on the connections that were slow', async () => {
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 1_000 });
    await Promise.all([inventory.get('/inventory/check/1'), inventory.get('/inventory/check/2')]);
    await inventory.post('/demo/reset');
    expect((await inventory.get('/inventory/check/1')).ms).toBeLessThan(1_000);
  });

  it('takes the new delay when enabled again', async () => {
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 10_000 });
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 50 });
    const { ms } = await inventory.get('/inventory/check/1');
    expect(ms).toBeGreaterThanOrEqual(50);
    expect(ms).toBeLessThan(10_000);
  });

  it('stops in PostgreSQL when the caller disconnects', async () => {
    // Before PostgreSQL 14, a session does not notice during a statement that its client is gone.
    const [{ noticed } = { noticed: 0 }] = await system.sql<{ noticed: number }>(
      `SELECT count(*)::int AS noticed FROM pg_settings WHERE name = 'client_connection_check_interval'`,
    );
    if (noticed === 0) return;
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 30_000 });
    const hangUp = new AbortController();
    const request = inventory
      .get('/inventory/check/5', { signal: hangUp.signal })
      .catch((error: Error) => error.name);
    await eventually(async () => expect(await sleeping()).toHaveLength(1));
    const at = performance.now();
    hangUp.abort();
    expect(await request).toBe('AbortError');
    await eventually(async () => expect(await sleeping()).toEqual([]));
    expect(performance.now() - at).toBeLessThan(10_000);
    expect((await inventory.get('/health')).body.connection_pool.own.in_use).toBe(0);
  });

  it('does not run into its own timeout, however long the delay', async () => {
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 3_500 });
    expect((await inventory.get('/inventory/check/5')).status).toBe(200);
  });
});

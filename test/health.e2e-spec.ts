import { eventually } from './support/eventually';
import type { RunningService } from './support/running-service';
import { System } from './support/system';

describe('health', () => {
  let system: System;
  let product: RunningService;
  let inventory: RunningService;
  let order: RunningService;

  beforeAll(async () => {
    system = await System.start();
    [product, inventory, order] = await Promise.all([
      system.service('product', { READINESS_MODE: 'strict' }),
      system.service('inventory'),
      system.service('order'),
    ]);
  });
  afterAll(() => system?.stop());
  afterEach(async () => {
    await system.sql('ALTER ROLE dbadmin NOSUPERUSER CONNECTION LIMIT 100');
    await inventory.post('/demo/reset');
    await eventually(async () => {
      const { status, connection_pool } = (await product.get('/health')).body;
      expect([status, connection_pool.active_connections, connection_pool.max_connections]).toEqual([
        'ok',
        3,
        100,
      ]);
    });
  });

  const pool = async () => (await order.get('/health')).body.connection_pool;

  it('reports the same shared pool on each service, and the own part of each', async () => {
    const resting = {
      open: 1,
      active: 0,
      idle: 1,
      idle_in_transaction: 0,
      waiting_on_lock: 0,
      held_by_fault: 0,
    };
    for (const service of [product, inventory, order])
      await eventually(async () => {
        const { status, body } = await service.get('/health');
        expect(status).toBe(200);
        expect(body).toEqual({
          status: 'ok',
          service: `${service.name}-service`,
          instance: expect.stringMatching(new RegExp(`:${service.process.pid}$`)),
          connection_pool: {
            active_connections: 3,
            max_connections: 100,
            utilization_percent: 3,
            enforced: true,
            by_service: {
              'product-service': resting,
              'inventory-service': resting,
              'order-service': resting,
            },
            waiting: { 'product-service': 0, 'inventory-service': 0, 'order-service': 0 },
            age_ms: expect.any(Number),
            own: {
              ...{ in_use: 0, idle: 1, waiting: 0, oldest_wait_ms: 0, held_by_fault: 0 },
              ...{
                arrived: expect.any(Number),
                served: expect.any(Number),
                timed_out: 0,
                refused: 0,
                given_back: expect.any(Number),
              },
            },
          },
          log: { lost: 0 },
          telemetry: {
            spans: { sent: 0, dropped: 0 },
            metrics: { sent: 0, dropped: 0 },
            logs: { sent: 0, dropped: 0 },
          },
          faults: expect.objectContaining({
            'slow-queries': { enabled: false },
            'pool-exhaustion': { enabled: false },
          }),
        });
      });
  });

  it('answers the probes', async () => {
    for (const service of [product, inventory, order]) {
      expect((await service.get('/health/live')).body).toEqual({ status: 'ok' });
      const { status, body } = await service.get('/health/ready');
      expect([status, body.status, body.details.schema]).toEqual([200, 'ok', { status: 'up' }]);
    }
  });

  it('takes no connection of the pool, however often it is asked', async () => {
    const { served } = (await pool()).own;
    for (const path of ['/health', '/health/live', '/health/ready'])
      await Promise.all(Array.from({ length: 20 }, () => order.get(path)));
    expect((await pool()).own).toMatchObject({ served, in_use: 0, idle: 1 });
  });

  it('calls itself degraded while a fault is on, and says which', async () => {
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 5, ttl_seconds: 600 });
    const { body } = await inventory.get('/health');
    expect(body.status).toBe('degraded');
    expect(body.faults['slow-queries']).toMatchObject({ enabled: true, asked: { delay_ms: 5 } });
    expect((await order.get('/health')).body.status).toBe('ok');
  });

  it('turns readiness off while the pool is exhausted only if configured', async () => {
    await inventory.post('/demo/simulate-pool-exhaustion');
    await eventually(async () => expect((await product.get('/health')).body.status).toBe('exhausted'));
    const strict = await product.get('/health/ready');
    expect([strict.status, strict.body.type]).toEqual([503, 'urn:problem-type:not-ready']);
    expect(strict.body.checks).toMatchObject({
      schema: { status: 'up' },
      connection_pool: { status: 'down' },
    });
    await eventually(async () => expect((await order.get('/health')).body.status).toBe('exhausted'));
    expect((await order.get('/health/ready')).status).toBe(200);

    await inventory.post('/demo/reset');
    await eventually(async () => expect((await product.get('/health/ready')).status).toBe(200));
  });

  it('follows the limit that PostgreSQL has, while it runs', async () => {
    await system.sql('ALTER ROLE dbadmin CONNECTION LIMIT 50');
    for (const service of [product, inventory, order])
      await eventually(async () => {
        const { connection_pool } = (await service.get('/health')).body;
        expect(connection_pool).toMatchObject({
          max_connections: 50,
          utilization_percent: 6,
          enforced: true,
        });
      });
    const { status, body } = await inventory.post('/demo/simulate-pool-exhaustion', { connections: 51 });
    expect([status, body.errors?.[0]?.field]).toEqual([400, 'connections']);
  });

  it.each(['CONNECTION LIMIT -1', 'SUPERUSER'])(
    'says that nothing enforces the budget on a role with %s',
    async (option) => {
      await system.sql(`ALTER ROLE dbadmin ${option}`);
      await eventually(async () =>
        expect(await pool()).toMatchObject({ max_connections: 100, enforced: false }),
      );
      await system.sql('ALTER ROLE dbadmin NOSUPERUSER CONNECTION LIMIT 100');
      await eventually(async () =>
        expect(await pool()).toMatchObject({ max_connections: 100, enforced: true }),
      );
    },
  );

  it('is exhausted when the role may not connect at all', async () => {
    await system.sql('ALTER ROLE dbadmin CONNECTION LIMIT 0');
    await system.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'dbadmin'`);
    await eventually(async () => {
      const { status, connection_pool } = (await order.get('/health')).body;
      expect(connection_pool).toMatchObject({
        active_connections: 0,
        max_connections: 0,
        utilization_percent: 100,
      });
      expect(status).toBe('exhausted');
    });
  });
});

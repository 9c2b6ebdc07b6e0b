import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import { eventually } from './support/eventually';
import type { RunningService } from './support/running-service';
import { System } from './support/system';

describe('pool exhaustion', () => {
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
  beforeEach(() => eventually(async () => expect(await system.openConnections()).toBe(3)));
  afterEach(async () => {
    await Promise.all([inventory.post('/demo/reset'), order.post('/demo/reset')]);
  });

  it('holds exactly 95 of the 100 connections, says so on all services, and gives them back on reset', async () => {
    const { status, body } = await inventory.post('/demo/simulate-pool-exhaustion');
    expect(status).toBe(200);
    expect(body).toMatchObject({ asked: { connections: 95 }, measured: { holding: 95 }, effective: true });
    expect(await system.openConnections()).toBe(95);
    for (const service of [product, inventory, order]) {
      await eventually(async () => {
        const { connection_pool } = (await service.get('/health')).body;
        expect(connection_pool).toMatchObject({
          active_connections: 95,
          max_connections: 100,
          utilization_percent: 95,
        });
        expect(connection_pool.by_service['inventory-service']).toMatchObject({
          open: 95,
          held_by_fault: 95,
        });
      });
    }
    expect((await inventory.get('/health')).body.status).toBe('exhausted');

    const reset = await inventory.post('/demo/reset');
    expect(reset.body.stopped).toEqual(['pool-exhaustion']);
    await eventually(async () => expect(await system.openConnections()).toBeLessThanOrEqual(3));
    await eventually(async () => expect((await inventory.get('/health')).body.status).toBe('ok'));
  });

  it.each([
    [1, 1],
    [10, 9],
    [40, 38],
    [95, 90],
  ])('takes 95 % of the actual budget when no number is given: of %i, %i', async (budget, share) => {
    await system.sql(`ALTER ROLE dbadmin CONNECTION LIMIT ${budget}`);
    try {
      const { status, body } = await inventory.post('/demo/simulate-pool-exhaustion');
      expect({ status, asked: body.asked }).toEqual({ status: 200, asked: { connections: share } });
      if (budget > 3) expect(body).toMatchObject({ effective: true, measured: { holding: share } });
    } finally {
      await system.sql('ALTER ROLE dbadmin CONNECTION LIMIT 100');
    }
  });

  it('takes the whole budget when 100 are requested, and everything under /demo and /health still answers', async () => {
    const { body } = await inventory.post('/demo/simulate-pool-exhaustion', { connections: 100 });
    expect(body.measured.holding).toBe(100);
    expect(await system.openConnections()).toBe(100);
    const waiting = Promise.all([product.get('/products/1'), order.get('/orders/popular-products')]);
    const answers = await Promise.all([
      ...[product, inventory, order].flatMap((service) => [
        service.get('/health'),
        service.get('/health/live'),
        service.get('/health/ready'),
        service.get('/demo/status'),
      ]),
      inventory.post('/demo/enable-slow-queries', { delay_ms: 5 }),
      inventory.post('/demo/simulate-pool-exhaustion', { connections: 100 }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    for (const answer of await waiting) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.body).toMatchObject({
        type: 'urn:problem-type:database-unavailable',
        reason: 'pool_timeout',
      });
      expect(answer.body.waited_ms).toBeGreaterThanOrEqual(2_990);
    }
    expect((await inventory.post('/demo/reset')).status).toBe(200);
  });

  it('lets 50 requests at a time queue on each other service: served, or 503 at the deadline, never at once', async () => {
    await inventory.post('/demo/simulate-pool-exhaustion');
    const until = performance.now() + 4_000;
    const worker = async (service: RunningService, path: string) => {
      const answers = [];
      while (performance.now() < until) answers.push(await service.get(path));
      return answers;
    };
    const workers = Array.from({ length: 50 }, () => [
      worker(product, '/products/1'),
      worker(order, '/orders/popular-products'),
    ]);
    const answers = (await Promise.all(workers.flat())).flat();
    const served = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(served.length).toBeGreaterThan(200);
    for (const answer of refused) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.body.waited_ms).toBeGreaterThanOrEqual(2_990);
    }
    expect((await inventory.get('/demo/status')).body.faults[1]).toMatchObject({ measured: { holding: 95 } });
  });

  it('fills while the other services are under full load', async () => {
    const stop = new AbortController();
    const worker = async (service: RunningService, path: string) => {
      while (!stop.signal.aborted) await service.get(path);
    };
    const load = Array.from({ length: 50 }, () => [
      worker(product, '/products/1'),
      worker(order, '/orders/popular-products'),
    ]);
    await eventually(async () =>
      expect((await product.get('/health')).body.connection_pool.own.in_use).toBeGreaterThan(0),
    );
    await inventory.post('/demo/simulate-pool-exhaustion');
    await eventually(async () => {
      expect((await inventory.get('/demo/status')).body.faults[1]).toMatchObject({
        effective: true,
        measured: { holding: 95 },
      });
    });
    stop.abort();
    await Promise.all(load.flat());
  });

  it('answers when all are held, however slowly they become free', async () => {
    const { host, port, user, password, database } = system.settings;
    const others = Array.from({ length: 6 }, () => new Client({ host, port, user, password, database }));
    await Promise.all(others.map((other) => other.connect()));
    const answer = inventory.post('/demo/simulate-pool-exhaustion', { connections: 100 });
    await eventually(async () => expect(await system.openConnections()).toBe(100));
    for (const other of others) {
      await setTimeout(500);
      await other.end();
    }
    expect((await answer).body).toMatchObject({ effective: true, measured: { holding: 100 } });
  });

  it('changes the number when enabled twice, up and down, and leaks nothing', async () => {
    for (const connections of [95, 20, 95, 50]) {
      await inventory.post('/demo/simulate-pool-exhaustion', { connections });
      await eventually(async () =>
        expect((await inventory.get('/demo/status')).body.faults[1].measured.holding).toBe(connections),
      );
    }
    await inventory.post('/demo/reset');
    await eventually(async () => expect(await system.openConnections()).toBeLessThanOrEqual(3));
  });

  it('holds what was last requested when the number changes faster than connections open', async () => {
    const ask = (connections: number) => inventory.post('/demo/simulate-pool-exhaustion', { connections });
    const held = async () => {
      const [row] = await system.sql(
        `SELECT count(*)::int FROM pg_stat_activity WHERE application_name LIKE '% held'`,
      );
      return row?.count;
    };
    for (let round = 1; round <= 3; round++) {
      const answers = [ask(60)];
      await eventually(async () => expect(await held()).toBeGreaterThanOrEqual(10));
      // The number is lowered while many are being opened, and raised before these are open.
      answers.push(ask(10), ask(50));
      await Promise.all(answers);
      const { faults } = (await inventory.get('/demo/status')).body;
      const { asked } = faults.find(({ fault }: { fault: string }) => fault === 'pool-exhaustion');
      await eventually(async () => expect(await held()).toBe(asked.connections));
      await inventory.post('/demo/reset');
    }
  });

  it('refuses more than the budget, naming the field', async () => {
    const { status, body } = await inventory.post('/demo/simulate-pool-exhaustion', { connections: 101 });
    expect(status).toBe(400);
    expect(body.errors[0].field).toBe('connections');
  });

  it('ends by itself at the end of its TTL', async () => {
    const { body } = await inventory.post('/demo/simulate-pool-exhaustion', {
      connections: 10,
      ttl_seconds: 3,
    });
    expect(body.enabled).toBe(true);
    await eventually(async () => expect(await system.openConnections()).toBeLessThanOrEqual(3));
    await eventually(async () => expect(await system.sql('SELECT FROM demo_faults')).toEqual([]));
  });

  it('replaces connections that PostgreSQL ends', async () => {
    await inventory.post('/demo/simulate-pool-exhaustion');
    await system.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%held' LIMIT 30`,
    );
    await eventually(async () => {
      await expect(
        system.sql(`SELECT FROM pg_stat_activity WHERE application_name LIKE '%held'`),
      ).resolves.toHaveLength(95);
    });
  });
});

import { eventually } from './support/eventually';
import { Network } from './support/network';
import type { RunningService } from './support/running-service';
import { freePort, System } from './support/system';

describe('without its database', () => {
  let system: System;

  beforeAll(async () => {
    system = await System.start();
  });
  // Each test begins without a network.
  const networks: Network[] = [];
  const connected = async (port: number) => {
    const network = await Network.before(system.settings.port, port);
    networks.push(network);
    return network;
  };
  afterEach(() => Promise.all(networks.splice(0).map((network) => network.close())));
  afterAll(() => system?.stop());

  const healthOf = async (service: RunningService) => {
    const { status, body } = await service.get('/health');
    return [status, body.status];
  };

  it('a service starts, says what is wrong, and serves as soon as the database is up', async () => {
    const port = await freePort();
    const environment = { DB_PORT: String(port), DB_ACQUIRE_TIMEOUT_MS: '300' };
    const order = await system.service('order', environment);

    expect((await order.get('/health')).body).toMatchObject({ status: 'down', service: 'order-service' });
    expect(await healthOf(order)).toEqual([503, 'down']);
    expect((await order.get('/health/live')).status).toBe(200);
    const ready = await order.get('/health/ready');
    expect([ready.status, ready.body.type]).toEqual([503, 'urn:problem-type:not-ready']);
    expect(ready.body.checks).toMatchObject({ process: { status: 'up' }, schema: { status: 'down' } });
    const refused = await Promise.all([
      order.get('/orders/popular-products'),
      order.post('/orders/create', { user_id: 'u', product_id: 5, quantity: 1 }),
      order.post('/demo/enable-slow-queries'),
      order.post('/demo/reset'),
    ]);
    for (const { status, headers, body } of refused) {
      expect([status, body.type]).toEqual([503, 'urn:problem-type:database-unavailable']);
      expect(body.reason).toBe('unreachable');
      expect(headers.get('retry-after')).toBe('1');
      expect(JSON.stringify(body)).not.toMatch(new RegExp(`127\\.0\\.0\\.1|localhost|ECONN|${port}`));
    }

    const network = await connected(port);
    await eventually(async () => expect(await healthOf(order)).toEqual([200, 'ok']));
    expect((await order.get('/health/ready')).status).toBe(200);
    expect((await order.get('/orders/popular-products')).status).toBe(200);

    await network.close();
    await eventually(async () => expect(await healthOf(order)).toEqual([503, 'down']));
    // The schema was seen once, so it exists: a database that is down must not take every pod out of its Service.
    expect((await order.get('/health/ready')).status).toBe(200);
    expect((await order.get('/health/live')).status).toBe(200);
  });

  it('a service has its idle connection again as soon as the database is back, before any request', async () => {
    const port = await freePort();
    const inventory = await system.service('inventory', { DB_PORT: String(port) });
    const idle = async () => (await inventory.get('/health')).body.connection_pool.own.idle;
    for (const _ of ['for the first time', 'again']) {
      const network = await connected(port);
      await eventually(async () => expect(await healthOf(inventory)).toEqual([200, 'ok']));
      await eventually(async () => expect(await idle()).toBe(1));
      await network.close();
      await eventually(async () => expect(await healthOf(inventory)).toEqual([503, 'down']));
    }
  });

  it('a service is not ready while READINESS_MODE is strict', async () => {
    const port = await freePort();
    const network = await connected(port);
    const product = await system.service('product', { DB_PORT: String(port), READINESS_MODE: 'strict' });
    await eventually(async () => expect((await product.get('/health/ready')).status).toBe(200));
    await network.close();
    await eventually(async () => expect((await product.get('/health/ready')).status).toBe(503));
  });
});

import type { DecodedSpan } from '@app/otlp';
import { Capture } from '../tools/conformance/capture';
import { eventually } from './support/eventually';
import type { RunningService } from './support/running-service';
import { System } from './support/system';

describe('spans', () => {
  let system: System;
  let capture: Capture;
  let product: RunningService;
  let inventory: RunningService;
  let order: RunningService;

  beforeAll(async () => {
    [system, capture] = await Promise.all([System.start(), Capture.start()]);
    [product, inventory, order] = await Promise.all([
      system.service('product', capture.environment()),
      system.service('inventory', capture.environment('http/json')),
      system.service('order', capture.environment()),
    ]);
    // The numbers of a span are those of the latest view, which may be from before the first connection.
    await eventually(async () =>
      expect((await inventory.get('/health')).body.connection_pool.active_connections).toBe(3),
    );
  });
  afterAll(() => Promise.all([system?.stop(), capture?.stop()]));
  beforeEach(() => {
    capture.requests.length = 0;
  });
  afterEach(() => inventory.post('/demo/reset'));

  const span = (find: (span: DecodedSpan) => boolean): Promise<DecodedSpan> =>
    eventually(() => {
      const found = capture.spans.find(find);
      if (!found) throw new Error(`not among ${capture.spans.map(({ name }) => name).join(', ')}`);
      return found;
    });
  const statement = (table: string, operation: string) =>
    span(
      ({ attributes }) => attributes['db.sql.table'] === table && attributes['db.operation'] === operation,
    );

  it('tell a database view all it needs of a statement, including the numbers of the pool', async () => {
    await inventory.get('/inventory/check/5');
    const { name, kind, service, status, durationMs, attributes } = await statement('products', 'SELECT');
    expect({ name, kind, service, status }).toEqual({
      name: 'SELECT productcatalog.products',
      kind: 'CLIENT',
      service: 'inventory-service',
      status: 'UNSET',
    });
    expect(attributes).toMatchObject({
      'db.system': 'postgresql',
      'db.name': 'productcatalog',
      'db.operation': 'SELECT',
      'db.statement': 'SELECT id AS product_id, name, stock_quantity FROM products WHERE id = $1',
      'db.sql.table': 'products',
      'net.peer.name': '127.0.0.1',
      'net.peer.port': system.settings.port,
      'db.user': 'dbadmin',
      'db.rows_returned': 1,
      'db.connection_pool.max': 100,
    });
    expect(attributes['db.connection_pool.active']).toBeGreaterThanOrEqual(1);
    expect(attributes['db.connection_pool.utilization_percent']).toBe(
      attributes['db.connection_pool.active'],
    );
    expect(attributes['db.query.duration_ms']).toBeGreaterThan(0);
    expect(attributes['db.query.duration_ms']).toBeLessThanOrEqual(durationMs);
  });

  it('connect a statement with its session in PostgreSQL', async () => {
    await inventory.get('/inventory/check/5');
    const { attributes } = await statement('products', 'SELECT');
    const sessions = await system.sql<{ application_name: string }>(
      'SELECT application_name FROM pg_stat_activity WHERE pid = $1',
      [attributes['postgresql.pid']],
    );
    expect(sessions).toEqual([{ application_name: expect.stringMatching(/^inventory-service@/) }]);
  });

  it('name the operations that each service has', async () => {
    await Promise.all([
      product.get('/products'),
      inventory.post('/inventory/reserve', { product_id: 5, quantity: 1 }),
      order.get('/orders/popular-products'),
      order.post('/orders/create', { user_id: 'someone', product_id: 5, quantity: 1 }),
    ]);
    await statement('products', 'SELECT');
    await statement('products', 'UPDATE');
    await statement('orders', 'INSERT');
    const popular = await statement('orders', 'SELECT');
    expect(popular.attributes['db.query.summary']).toBe('SELECT orders products');
  });

  it('join the trace of the caller: its span, the request, the statement', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const callerSpan = 'b7ad6b7169203331';
    const headers = { traceparent: `00-${traceId}-${callerSpan}-01` };
    await Promise.all([
      product.get('/products/1', { headers }),
      inventory.get('/inventory/check/1', { headers }),
      order.get('/orders/popular-products', { headers }),
    ]);
    for (const [service, route] of [
      ['product-service', '/products/:id'],
      ['inventory-service', '/inventory/check/:product_id'],
      ['order-service', '/orders/popular-products'],
    ]) {
      const request = await span(
        (candidate) =>
          candidate.service === service && candidate.traceId === traceId && candidate.kind === 'SERVER',
      );
      expect(request).toMatchObject({ name: `GET ${route}`, parentSpanId: callerSpan });
      expect(request.attributes).toMatchObject({ 'http.route': route, 'http.status_code': 200 });
      const query = await span((candidate) => candidate.service === service && candidate.kind === 'CLIENT');
      expect(query).toMatchObject({ traceId, parentSpanId: request.spanId });
      const wait = await span(
        (candidate) => candidate.service === service && candidate.name === 'pool.acquire',
      );
      expect(wait).toMatchObject({ kind: 'INTERNAL', traceId, parentSpanId: request.spanId });
      expect(Object.keys(wait.attributes)).toEqual(['db.client.connection.pool.name']);
    }
  });

  it('last as long as the delay of the slow-query fault, which is inside the statement', async () => {
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 600 });
    await inventory.get('/inventory/check/5');
    const { durationMs, attributes } = await statement('products', 'SELECT');
    expect(durationMs).toBeGreaterThanOrEqual(600);
    expect(attributes['db.query.duration_ms']).toBeGreaterThanOrEqual(600);
    expect(attributes).toMatchObject({
      'db.simulation.slow_query_enabled': true,
      'db.simulation.delay_ms': 600,
    });
  });

  it('show the shared pool as it is, and failures instead of silence, while the pool is exhausted', async () => {
    await inventory.post('/demo/simulate-pool-exhaustion', { connections: 100 });
    const { body } = await order.get('/orders/popular-products');
    const failed = await statement('orders', 'SELECT');
    expect(failed).toMatchObject({ kind: 'CLIENT', status: 'ERROR' });
    expect(failed.attributes).toMatchObject({
      'error.type': 'pool_timeout',
      'db.connection_pool.active': 100,
      'db.connection_pool.utilization_percent': 100,
    });
    expect(body.trace_id).toBe(failed.traceId);
  });

  it('have the SQLSTATE of a statement that PostgreSQL refused', async () => {
    await system.sql('REVOKE SELECT ON products FROM dbadmin');
    expect((await product.get('/products/1')).status).toBe(503);
    await system.sql('GRANT SELECT ON products TO dbadmin');
    const { status, attributes } = await statement('products', 'SELECT');
    expect(status).toBe('ERROR');
    expect(attributes).toMatchObject({ 'db.response.status_code': '42501', 'error.type': '42501' });
  });

  it('have the route and the path of a request that was refused before it was routed', async () => {
    const refused = await inventory.post('/inventory/reserve', '{"product_id":');
    expect(refused.status).toBe(400);
    const { name, attributes } = await span(({ traceId }) => traceId === refused.body.trace_id);
    expect([name, attributes['http.route']]).toEqual(['POST /inventory/reserve', '/inventory/reserve']);

    const unknown = await inventory.get('/nowhere');
    const other = await span(({ traceId }) => traceId === unknown.body.trace_id);
    expect([other.name, other.attributes['http.route']]).toEqual(['GET', undefined]);

    await inventory.get('/inventory/check/5');
    const met = await span(({ attributes }) => attributes['http.route'] === '/inventory/check/:product_id');
    expect(met.attributes['url.path']).toBe('/inventory/check/5');
  });

  it('count unknown methods as one', async () => {
    await inventory.get('/inventory/check/5', { method: 'PROPFIND' });
    const { name, attributes } = await span(({ attributes }) => attributes['http.method'] === 'PROPFIND');
    expect([name, attributes['http.request.method'], attributes['http.request.method_original']]).toEqual([
      'HTTP',
      '_OTHER',
      'PROPFIND',
    ]);
  });

  it('are not made for probes, and not for the status that a page requests each second', async () => {
    await Promise.all(
      ['/health', '/health/live', '/health/ready', '/docs-json', '/demo/status'].map((path) =>
        product.get(path),
      ),
    );
    await product.get('/products/1');
    await span(({ name }) => name === 'GET /products/:id');
    const requests = capture.spans.filter(
      ({ kind, service }) => kind === 'SERVER' && service === 'product-service',
    );
    expect(requests).toHaveLength(1);
  });

  it('contain nothing that a caller sent', async () => {
    const marker = 'marker-7f3a9c';
    await order.post(
      '/orders/create',
      { user_id: marker, product_id: 5, quantity: 1 },
      { 'Idempotency-Key': marker },
    );
    await product.get(`/products?category=${marker}`);
    await product.get(`/products/${marker}`);
    await span(({ name, service }) => name === 'GET /products/:id' && service === 'product-service');
    await statement('orders', 'INSERT');
    expect(Buffer.concat(capture.requests.map(({ body }) => body)).includes(marker)).toBe(false);
  });
});

import { connect } from 'node:net';
import { Capture } from '../tools/conformance/capture';
import { eventually } from './support/eventually';
import type { RunningService } from './support/running-service';
import { System } from './support/system';

describe('metrics, logs and events', () => {
  let system: System;
  let capture: Capture;
  let inventory: RunningService;

  beforeAll(async () => {
    [system, capture] = await Promise.all([System.start(), Capture.start()]);
    inventory = await system.service('inventory', capture.environment());
  });
  afterAll(() => Promise.all([system?.stop(), capture?.stop()]));
  afterEach(() => inventory.post('/demo/reset'));

  const scrape = async () => String((await inventory.get('/metrics')).body);
  const sample = (text: string, name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);

  it('can be scraped, under the names that Prometheus users expect', async () => {
    await inventory.get('/inventory/check/5');
    await eventually(async () => expect(sample(await scrape(), 'demo_db_budget_used')).toBe(1));
    const text = await scrape();
    for (const name of [
      'db_client_operation_duration_seconds_bucket',
      'db_client_response_returned_rows_bucket',
      'db_client_connection_count',
      'db_client_connection_max',
      'db_client_connection_idle_min',
      'db_client_connection_idle_max',
      'db_client_connection_pending_requests',
      'db_client_connection_create_time_seconds_count',
      'db_client_connection_wait_time_seconds_count',
      'db_client_connection_use_time_seconds_count',
      'http_server_request_duration_seconds_bucket',
      'http_server_active_requests',
    ]) {
      expect(text).toMatch(new RegExp(`^${name}\\{`, 'm'));
    }
    expect(sample(text, 'demo_db_budget_max')).toBe(100);
    expect(text).toMatch(/^target_info\{.*service_name="inventory-service"/m);
  });

  it('count a request whose body was never complete, as one of a caller that disconnected', async () => {
    const socket = connect(inventory.port, '127.0.0.1');
    const active = /^http_server_active_requests\{http_request_method="POST",.*\} (\d)$/m;
    socket.write('POST /inventory/reserve HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{');
    await eventually(async () => expect((await scrape()).match(active)?.[1]).toBe('1'));
    socket.destroy();
    await eventually(async () => expect((await scrape()).match(active)?.[1]).toBe('0'));
    expect(await scrape()).toMatch(
      /^http_server_request_duration_seconds_count\{http_request_method="POST",url_scheme="http",http_route="\/inventory\/reserve",error_type="caller_gone"\} 1$/m,
    );
  });

  it('show the exhausted budget and the fault', async () => {
    await inventory.post('/demo/simulate-pool-exhaustion');
    const text = await scrape();
    expect(sample(text, 'demo_db_budget_used')).toBe(95);
    expect(sample(text, 'demo_db_budget_utilization_ratio')).toBe(0.95);
    expect(text).toMatch(/^demo_fault_active\{demo_fault_name="pool-exhaustion"\} 1$/m);
    expect(text).toMatch(/^demo_fault_active\{demo_fault_name="slow-queries"\} 0$/m);
    expect(text).toMatch(/^db_client_connection_count\{.*state="used"\} 95$/m);
  });

  it('show a constant 2.9 s as what it is: in a bucket from 2.5 to 3 s', async () => {
    const before = await durations();
    capture.requests.length = 0;
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 2_900 });
    await Promise.all(Array.from({ length: 20 }, () => inventory.get('/inventory/check/5')));
    const after = await durations();
    const counts = after.map(({ le, count }, index) => ({ le, count: count - (before[index]?.count ?? 0) }));
    expect(counts.at(-1)?.count).toBe(20);
    const bounds = counts.map(({ le }) => le);
    expect(bounds.slice(bounds.indexOf(2.5)).slice(0, 2)).toEqual([2.5, 3]);
    // A slow machine adds to the delay: the histogram must agree with the spans.
    const spans = await eventually(() => {
      const slow = capture.spans.filter(({ attributes }) => attributes['db.simulation.slow_query_enabled']);
      expect(slow).toHaveLength(20);
      return slow.map(({ attributes }) => Number(attributes['db.query.duration_ms']) / 1_000);
    });
    const truth = spans.sort((one, other) => one - other)[18] as number;
    const above = bounds.findIndex((bound) => bound >= truth);
    expect(percentile(counts, 0.95)).toBeGreaterThanOrEqual(bounds[above - 1] as number);
    expect(percentile(counts, 0.95)).toBeLessThanOrEqual(bounds[above] as number);
  });

  /** Cumulative counts of the statement durations, by upper bound in seconds. */
  async function durations(): Promise<{ le: number; count: number }[]> {
    const buckets = [
      ...(await scrape()).matchAll(/^db_client_operation_duration_seconds_bucket\{(.*)\} (\d+)$/gm),
    ];
    return buckets
      .filter(
        ([, labels]) => labels?.includes('db_operation_name="SELECT"') && !labels.includes('error_type'),
      )
      .map(([, labels, count]) => ({
        le: Number(/le="([^"]+)"/.exec(labels ?? '')?.[1]),
        count: Number(count),
      }))
      .map(({ le, count }) => ({ le: Number.isNaN(le) ? Number.POSITIVE_INFINITY : le, count }));
  }

  it('are pushed over OTLP, logs with the ids of their trace, faults as events', async () => {
    capture.requests.length = 0;
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 20 });
    await inventory.get('/inventory/check/5');
    await inventory.post('/demo/reset');
    const event = (name: string) =>
      eventually(() => {
        const found = capture.logs.find(
          ({ eventName, attributes }) =>
            eventName === name && /"delay_ms":20\b/.test(String(attributes['demo.fault.settings'])),
        );
        if (!found) throw new Error(`no ${name}`);
        return found.attributes;
      });
    const about = { 'demo.fault.name': 'slow-queries', 'demo.fault.service': 'inventory-service' };
    expect(await event('demo.fault.started')).toMatchObject(about);
    const stopped = await event('demo.fault.stopped');
    expect(stopped).toMatchObject(about);
    expect(JSON.parse(String(stopped['demo.fault.measured'])).added_ms).toBeGreaterThanOrEqual(20);
    await eventually(() =>
      expect(capture.metrics.some(({ name }) => name === 'demo.db.budget.used')).toBe(true),
    );
    const [resource] = capture.metrics.map((metric) => metric.resource);
    expect(resource).toMatchObject({
      'service.name': 'inventory-service',
      'service.namespace': 'database-load-demo',
    });
    expect(resource).toHaveProperty(['service.version']);
    expect(resource).toHaveProperty(['service.instance.id']);
  });

  it('tie a log line to the trace of its request, on stdout and over OTLP', async () => {
    const traceId = 'aaf7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 20 }, headers);
    const lines = inventory.output.split('\n').filter((line) => line.includes('a fault was asked for'));
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ level: 'log', trace_id: traceId });
    await eventually(() => expect(capture.logs.map((log) => log.traceId)).toContain(traceId));
  });

  it('have no trace in what continues long after its request', async () => {
    const headers = { traceparent: '00-bbf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    await inventory.post('/demo/simulate-pool-exhaustion', { connections: 5 }, headers);
    await inventory.post('/demo/reset', undefined, headers);
    const lost = inventory.output.length;
    await system.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'dbcontrol'`);
    const lines = await eventually(() => {
      const found = inventory.output
        .slice(lost)
        .split('\n')
        .filter((line) => line.includes('control connection'));
      expect(found).toHaveLength(2);
      return found.map((line) => JSON.parse(line));
    });
    for (const line of lines) expect(line).not.toHaveProperty('trace_id');
  });

  it('have the trace of a value in each bucket, for clients that accept OpenMetrics', async () => {
    const traceId = 'ccf7651916cd43dd8448eb211c80319c';
    await inventory.get('/inventory/check/5', {
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    });
    const headers = { accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5' };
    const { headers: answered, text } = await inventory.get('/metrics', { headers });
    expect(answered.get('content-type')).toContain('application/openmetrics-text; version=1.0.0');
    expect(text).toMatch(/# EOF\n$/);
    for (const metric of ['db_client_operation_duration_seconds', 'http_server_request_duration_seconds'])
      expect(text).toMatch(new RegExp(`^${metric}_bucket\\{.*\\} \\d+ # \\{trace_id="${traceId}",`, 'm'));
    expect(text).toMatch(/^# TYPE db_client_connection_timeouts counter$/m);
    // Counters exist before the first failure.
    expect(text).toMatch(/^db_client_connection_timeouts_total\{.*\} 0$/m);
    expect(text).toMatch(/^demo_db_failures_total\{demo_db_failure_cause="pool_timeout",.*\} 0$/m);
    for (const name of ['limit', 'max'])
      expect(text).toMatch(new RegExp(`^db_client_connection_${name}\\{.*\\} 100$`, 'm'));
  });

  it('can be turned off as a whole', async () => {
    const off = await system.service('product', { ...capture.environment(), OTEL_SDK_DISABLED: 'true' });
    expect((await off.get('/products/1')).status).toBe(200);
    expect((await off.get('/metrics')).status).toBe(404);
    expect(await off.stop()).toBe(0);
    expect(capture.spans.filter(({ service }) => service === 'product-service')).toEqual([]);
  });

  it('leave the span names to DB_SPAN_NAME, and the sampling to OTEL_TRACES_SAMPLER', async () => {
    const stable = await system.service('order', { ...capture.environment(), DB_SPAN_NAME: 'stable' });
    const silent = await system.service('product', {
      ...capture.environment(),
      OTEL_TRACES_SAMPLER: 'always_off',
    });
    await silent.get('/products/1');
    await stable.get('/orders/popular-products');
    await eventually(() => expect(capture.spans.map(({ name }) => name)).toContain('SELECT orders products'));
    await Promise.all([silent.stop(), stable.stop()]);
    expect(capture.spans.filter(({ service }) => service === 'product-service')).toEqual([]);
  });

  it('DB_SQL_COMMENTER connects a session of PostgreSQL with the trace', async () => {
    const order = await system.service('order', { ...capture.environment(), DB_SQL_COMMENTER: 'true' });
    expect((await order.post('/orders/create', { user_id: 'u', product_id: 1, quantity: 1 })).status).toBe(
      201,
    );
    const commented = await system.sql<{ query: string }>(
      `SELECT query FROM pg_stat_activity WHERE application_name LIKE 'order-service@%' AND query LIKE '%traceparent=%'`,
    );
    const [, traceId, spanId] =
      / \/\*traceparent='00-(\w{32})-(\w{16})-0[13]'\*\/$/.exec(commented[0]?.query ?? '') ?? [];
    await eventually(() =>
      expect(capture.spans).toContainEqual(
        expect.objectContaining({ traceId, spanId, kind: 'CLIENT', service: 'order-service' }),
      ),
    );
    const texts = capture.spans.map(({ attributes }) => attributes['db.query.text']);
    expect(texts.filter((text) => String(text).includes('traceparent'))).toEqual([]);
    await order.stop();
  });
});

describe('the direct encoding', () => {
  it('sends what the SDK sends', async () => {
    const system = await System.start();
    const sent = await Promise.all(
      ['direct', 'sdk'].map(async (encoding) => {
        const capture = await Capture.start();
        const inventory = await system.service('inventory', {
          ...capture.environment(),
          TELEMETRY_ENCODING: encoding,
        });
        await inventory.get('/inventory/check/5');
        await inventory.get('/inventory/check/999999');
        await inventory.post('/inventory/reserve', { product_id: 5, quantity: 1 });
        await inventory.stop();
        await capture.stop();
        return {
          spans: capture.spans.map(({ name, kind, status, scope, attributes, resource }) => ({
            what: { name, kind, status, scope },
            attributes: Object.keys(attributes).sort(),
            // The SDK alone is not a distribution of it.
            resource: Object.keys(resource)
              .filter((key) => !key.startsWith('telemetry.distro.'))
              .sort(),
          })),
          metrics: [
            ...new Set(capture.metrics.map(({ name, unit, type }) => `${name} ${unit} ${type}`)),
          ].sort(),
        };
      }),
    );
    await system.stop();
    const [direct, sdk] = sent;
    expect(direct?.spans).toHaveLength(9);
    expect(direct).toEqual(sdk);
  });
});

/** The quantile as Prometheus' histogram_quantile computes it: linear inside the bucket. */
function percentile(buckets: { le: number; count: number }[], quantile: number): number {
  const rank = quantile * (buckets.at(-1)?.count ?? 0);
  const index = buckets.findIndex(({ count }) => count >= rank);
  const { le: upper, count } = buckets[index] ?? { le: Number.NaN, count: Number.NaN };
  const { le: lower, count: below } = buckets[index - 1] ?? { le: 0, count: 0 };
  return lower + (upper - lower) * ((rank - below) / (count - below));
}

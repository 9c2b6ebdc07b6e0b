import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip, createZstdDecompress } from 'node:zlib';
import { ConsoleSystem } from './support/console-system';
import { eventually } from './support/eventually';
import { quantile } from './support/quantile';

/** Reads events as the page does. */
async function firstEvent(url: string, name: string): Promise<any> {
  const response = await fetch(url);
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    const found = new RegExp(`event: ${name}\\ndata: (.*)\\n\\n`).exec(text);
    if (found) return JSON.parse(found[1] as string);
  }
}

describe('the console', () => {
  let running: ConsoleSystem;
  beforeAll(async () => {
    running = await ConsoleSystem.start();
  });
  afterAll(() => running?.stop());

  /** A database span of a program outside the demo, with the new name of the system and little else. */
  async function sendFromElsewhere(statement = 'SELECT 1 AS one'): Promise<void> {
    const now = BigInt(Date.now()) * 1_000_000n;
    const span = {
      ...{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', name: 'query', kind: 3 },
      ...{ startTimeUnixNano: String(now), endTimeUnixNano: String(now + 1_000_000n) },
      attributes: [
        { key: 'db.system.name', value: { stringValue: 'postgresql' } },
        { key: 'db.query.text', value: { stringValue: statement } },
      ],
    };
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'somebody-elses' } }] };
    const { ok } = await fetch(`http://127.0.0.1:${running.otlpPort}/v1/traces`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
    });
    expect(ok).toBe(true);
  }

  it('has percentiles of long queries that are those of the client', async () => {
    interface Timed {
      delay_ms: number;
      seen: number[];
    }
    const { order, inventory } = running.services;
    const timed = async (get: () => Promise<{ status: number }>) => {
      const began = performance.now();
      expect((await get()).status).toBe(200);
      return performance.now() - began;
    };
    const times = async (delay_ms: number, at: typeof order, path: string) => {
      // The first request pays for what exists only from then on.
      const first = await timed(() => at.get(path));
      await at.post('/demo/enable-slow-queries', { delay_ms });
      // One after the other, so that none waits until the others have their connections.
      const slow = Array.from({ length: 12 }, async (_, index) => {
        await setTimeout(index * 150);
        return timed(() => at.get(path));
      });
      return { delay_ms, seen: [first, ...(await Promise.all(slow))] };
    };
    // Nobody has sent these statements before: the load runs only while somebody watches.
    const client = await Promise.all([
      times(6_000, order, '/orders/popular-products?limit=5'),
      times(12_000, inventory, '/inventory/check/5'),
    ]);
    await Promise.all([order.post('/demo/reset'), inventory.post('/demo/reset')]);
    await eventually(async () => {
      const { body } = await running.console.get('/api/view?window=1');
      const rows: any[] = body.catalog.details.operations;
      for (const [index, service] of ['order-service', 'inventory-service'].entries()) {
        const row = rows.find((one) => one.service === service && one.operation === 'SELECT');
        expect(row?.queries).toBe(13);
        const { delay_ms, seen } = client[index] as Timed;
        for (const share of [0.5, 0.99]) {
          // A statement takes at least its delay, and no longer than its caller waited; 1 % is for the histogram's buckets.
          const percentile = row[`p${share * 100}_ms`];
          expect([service, share, percentile]).toEqual([service, share, expect.any(Number)]);
          expect(percentile).toBeGreaterThanOrEqual(delay_ms * 0.99);
          expect(percentile).toBeLessThanOrEqual(quantile(seen, share) * 1.01);
        }
      }
    });
  });

  it('shows what PostgreSQL counts', async () => {
    const budget = await firstEvent(`${running.console.url}/api/live`, 'budget');
    expect(budget).toMatchObject({ max: 100, slots: expect.any(Array) });
    await eventually(async () => {
      const seen = await firstEvent(`${running.console.url}/api/live`, 'budget');
      expect(seen.open).toBe(await running.system.openConnections());
      expect(seen.services.map(({ service }: any) => service)).toEqual([
        'inventory-service',
        'order-service',
        'product-service',
      ]);
    });
  });

  it('takes changes from its own page only', async () => {
    const foreign = { Origin: 'http://evil.example', 'Content-Type': 'application/json' };
    const { status, body } = await running.console.post('/api/faults/all/reset', {}, foreign);
    expect({ status, type: body.type }).toEqual({ status: 403, type: 'urn:problem-type:forbidden' });
    const own = { Origin: running.console.url, 'Content-Type': 'application/json' };
    expect((await running.console.post('/api/faults/all/reset', {}, own)).status).toBe(200);
  });

  it('lets a page load from here and from nowhere else', async () => {
    const { headers } = await running.console.get('/');
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('says which methods a path has', async () => {
    for (const [path, method, allow] of [
      ['/', 'POST', 'GET, HEAD, OPTIONS'],
      ['/icon.svg', 'DELETE', 'GET, HEAD, OPTIONS'],
      ['/api/load', 'GET', 'POST, OPTIONS'],
    ] as const) {
      const { status, headers } = await running.console.get(path, { method });
      expect([path, status, headers.get('allow')]).toEqual([path, 405, allow]);
    }
    expect((await running.console.get('/nothing-here', { method: 'POST' })).status).toBe(404);
  });

  it('refuses a body that is nested too deeply', async () => {
    const nested = `{"rate":${'['.repeat(1_500)}${']'.repeat(1_500)}}`;
    for (const path of ['/api/load', '/api/faults/all/slow', '/api/checks/run']) {
      const { status, body } = await running.console.post(path, nested);
      expect([path, status, body.errors]).toEqual([path, 400, [expect.objectContaining({ field: 'rate' })]]);
    }
  });

  it('names a setting that is wrong', async () => {
    const json = { 'Content-Type': 'application/json' };
    const { status, body } = await running.console.post(
      '/api/faults/product/slow-queries',
      { delay_ms: 0 },
      json,
    );
    expect({ status, fields: body.errors.map(({ field }: any) => field) }).toEqual({
      status: 400,
      fields: ['delay_ms'],
    });
    expect((await running.console.post('/api/faults/shop/reset', {}, json)).status).toBe(400);
    for (const change of [
      ...[{ rate: 1e9 }, { rate: null }, { rate: '5' }, { paused: 0 }, { retries: 0.5 }, { give_up_ms: '1' }],
      ...[{ hot: null }, { hot: false }, { hot: '0.5' }, { hot: [] }, { hot: 'Zipf' }, { hot: 1.1 }],
    ]) {
      const { status, body } = await running.console.post('/api/load', change, json);
      expect([change, status, body.errors[0].field]).toEqual([change, 400, Object.keys(change)[0]]);
    }
  });

  it.each([
    ['zstd', createZstdDecompress],
    ['br', createBrotliDecompress],
    ['gzip;q=0.5, zstd;q=0', createGunzip],
  ])('sends a viewer that accepts %s each event at once, and in few bytes', async (taken, unpack) => {
    let [packed, text] = [0, ''];
    const viewer = request(`${running.console.url}/api/live`, { headers: { 'Accept-Encoding': taken } });
    viewer.on('error', () => undefined).end();
    await new Promise<void>((done) => {
      viewer.on('response', (response) => {
        expect(response.headers['content-encoding']).toBe(taken.split(';')[0]);
        response.on('data', ({ length }) => {
          packed += length;
        });
        const plain = response.pipe(unpack());
        plain
          .on('error', () => undefined)
          .on('data', (part) => {
            text += part;
            if (text.split('event: view').length > 3 && text.endsWith('\n\n')) done();
          });
      });
    });
    viewer.destroy();
    for (const data of text.matchAll(/^data: (.*)$/gm)) JSON.parse(data[1] as string);
    console.info(`${taken}: ${packed} bytes for ${text.length}`);
    expect(packed).toBeLessThan(text.length / 3);
  });

  it('skips viewers that do not read, and the others do not notice', async () => {
    const stalled = Array.from({ length: 50 }, (_, index) =>
      request(
        `${running.console.url}/api/live`,
        { headers: index % 2 === 0 ? {} : { 'Accept-Encoding': 'zstd' } },
        (response) => response.pause(),
      )
        .on('error', () => undefined)
        .end(),
    );
    await setTimeout(3_000);
    const before = await running.console.get('/api/view');
    expect(before.ms).toBeLessThan(1_000);
    const view = await firstEvent(`${running.console.url}/api/live`, 'view');
    expect(Date.now() - view.at).toBeLessThan(2_000);
    for (const viewer of stalled) viewer.destroy();
  });

  it('runs all checks on request, ignores other programs, and leaves the faults as they were', async () => {
    await sendFromElsewhere();
    const json = { 'Content-Type': 'application/json' };
    await running.services.order.post('/demo/enable-slow-queries', { delay_ms: 40, ttl_seconds: 300 });
    expect((await running.console.post('/api/checks/run', {}, json)).status).toBe(202);
    await eventually(async () => {
      const { body } = await running.console.get('/api/checks');
      const states = Object.values(body).map(({ id, state, evidence }: any) => [
        id,
        state,
        state === 'passed' || evidence,
      ]);
      expect(states).toEqual(states.map(([id]) => [id, 'passed', true]));
    }, 30_000);
    await eventually(async () => {
      const [slow] = (await running.services.order.get('/demo/status')).body.faults;
      expect(slow).toMatchObject({ enabled: true, asked: { delay_ms: 40 } });
      expect(slow.expires_in_seconds).toBeLessThanOrEqual(300);
    });
    await running.services.order.post('/demo/reset');
  });

  it('says for any sender what each backend will show, and why not', async () => {
    await sendFromElsewhere();
    await running.services.product.get('/products/5');
    // An answer is reused for five seconds.
    const services = await eventually(async () => {
      const { body } = await running.console.get('/api/conformance');
      const named = Object.fromEntries(body.map((one: any) => [one.service, one]));
      expect(Object.keys(named)).toEqual(expect.arrayContaining(['somebody-elses', 'product-service']));
      expect(named['product-service'].judged.spans).toBeGreaterThan(1);
      return named;
    });
    const required = ({ broken }: any) => broken.filter(({ level }: any) => level === 'required');
    const of = (service: string, reader: string) =>
      services[service].readers.find((one: any) => one.reader === reader);
    expect(of('product-service', 'coralogix-catalog')).toMatchObject({ state: 'shown' });
    expect(of('somebody-elses', 'coralogix-catalog')).toMatchObject({ state: 'not shown' });
    expect(services['product-service'].readers.flatMap(required)).toEqual([]);
    expect(of('somebody-elses', 'coralogix-catalog').broken[0]).toMatchObject({
      level: 'required',
      without: expect.any(String),
      examples: expect.any(Array),
    });
  });

  it('explains a statement that was sent, and runs nothing', async () => {
    await running.services.product.get('/products/5');
    await running.services.order.get('/orders/popular-products?limit=5');
    const ask = (statement: string) =>
      running.console.get(`/api/plans?${new URLSearchParams({ statement })}`);
    const statements = await eventually(async () => {
      const { body } = await running.console.get('/api/view?window=15');
      const rows: any[] = body.catalog.details.statements;
      expect(rows.map(({ table }) => table)).toEqual(expect.arrayContaining(['products', 'orders']));
      return rows;
    });
    const of = (operation: string, table: string): string =>
      statements.find((row: any) => row.operation === operation && row.table === table).statement;
    for (const table of ['products', 'orders']) {
      const { status, body } = await ask(of('SELECT', table));
      expect({ status, plan: body.lines?.join('\n') ?? body.detail }).toEqual({
        status: 200,
        plan: expect.stringMatching(new RegExp(`Scan.* on public.${table}.*cost=`)),
      });
    }
    expect((await ask('SELECT 1')).status).toBe(404);
    // PostgreSQL explains a change only to a role that may make it.
    await running.services.inventory.post('/inventory/reserve', { product_id: 5, quantity: 1 });
    await running.services.order.post('/orders/create', { user_id: 'planner', product_id: 5, quantity: 1 });
    const changes = await eventually(async () => {
      const { body } = await running.console.get('/api/view?window=15');
      const rows: any[] = body.catalog.details.statements;
      const found = rows.filter(({ operation }) => ['UPDATE', 'INSERT'].includes(operation));
      expect(new Set(found.map(({ operation }) => operation)).size).toBe(2);
      return found;
    });
    for (const { statement } of changes)
      expect(await ask(statement)).toMatchObject({
        status: 403,
        body: { detail: expect.stringMatching(/the console's may only read: permission denied/) },
      });
    const hostile = 'SELECT 1; DROP TABLE orders';
    await sendFromElsewhere(hostile);
    const refused = await ask(hostile);
    expect(refused).toMatchObject({ status: 400, body: { type: 'urn:problem-type:invalid-request' } });
    await running.system.sql('BEGIN; LOCK TABLE orders');
    expect((await ask(of('SELECT', 'orders'))).body.detail).toContain('a table of it is locked');
    await running.system.sql('ROLLBACK');
  });

  it('explains what a session has run last', async () => {
    const ask = (pid: unknown) => running.console.get(`/api/sessions/${pid}/plan`);
    const [own] = await running.system.sql<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await running.system.sql('SELECT name FROM products WHERE id = 5');
    const { status, body } = await ask(own?.pid);
    expect({ status, plan: body.lines?.join('\n') ?? body.detail }).toEqual({
      status: 200,
      plan: expect.stringMatching(/Scan.* on public.products.*cost=/),
    });
    await running.system.sql('BEGIN');
    expect((await ask(own?.pid)).body.detail).toContain('no plan for a statement of this kind');
    await running.system.sql('ROLLBACK');
    expect(await ask(1)).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('no session 1') },
    });
    for (const pid of ['0', '-1', '1.5', 'x', '2147483648'])
      expect(await ask(pid)).toMatchObject({ status: 400, body: { errors: [{ field: 'pid' }] } });
  });

  it('keeps the log records of a trace beside it', async () => {
    const [traceId, spanId] = ['5b8efff798038103d269b633813fc60c', 'eee19b7ec3c1b174'];
    const record = {
      ...{ traceId, spanId, timeUnixNano: String(BigInt(Date.now()) * 1_000_000n) },
      ...{ severityNumber: 17, severityText: 'ERROR', body: { stringValue: 'the shelf is empty' } },
    };
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'order-service' } }] };
    const logRecords = [record, { ...record, traceId: '', body: { stringValue: 'of no trace' } }];
    await fetch(`http://127.0.0.1:${running.otlpPort}/v1/logs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] }),
    });
    const { body } = await running.console.get(`/api/traces/${traceId}/logs`);
    expect(Object.values(body)).toEqual([
      expect.objectContaining({ spanId, service: 'order-service', bad: true, text: 'the shelf is empty' }),
    ]);
  });

  it('ends with 0 on SIGTERM although there are viewers', async () => {
    const viewer = await fetch(`${running.console.url}/api/live`);
    const started = performance.now();
    expect(await running.console.stop()).toBe(0);
    expect(performance.now() - started).toBeLessThan(3_000);
    await viewer.body?.cancel().catch(() => undefined);
  });
});

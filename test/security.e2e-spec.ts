import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { Client } from 'pg';
import { Capture } from '../tools/conformance/capture';
import type { AppName, RunningService } from './support/running-service';
import { freePort, System } from './support/system';

const APPS = ['product', 'inventory', 'order', 'console'] as const;
const TOKEN = 'token-that-nobody-may-read-93';
const INJECTION = `'); DROP TABLE orders; --`;
const ELSEWHERE = { Origin: 'http://evil.example' };

// docs/security.md says what is promised, and which other tests hold the rest of it.
describe('security', () => {
  let system: System;
  let capture: Capture;
  let otlpPort: number;
  const services = {} as Record<AppName, RunningService>;

  beforeAll(async () => {
    [system, capture, otlpPort] = await Promise.all([System.start(), Capture.start(), freePort()]);
    const environment = {
      ...capture.environment(),
      CHAOS_TOKEN: TOKEN,
      LOG_LEVEL: 'debug',
      CONSOLE_OTLP_PORT: String(otlpPort),
      CONSOLE_LOAD_RATE: '0',
    };
    for (const app of APPS) services[app] = await system.service(app, environment);
  });
  afterAll(() => Promise.all([system?.stop(), capture?.stop()]));

  describe.each(APPS)('an answer of the %s', (app) => {
    const paths = { found: '/health/live', not_found: '/nothing-here', refused: '/%ff' };

    it.each(Object.entries(paths))('%s: has the headers that protect a browser', async (_, path) => {
      const { headers } = await services[app].get(path, { headers: ELSEWHERE });
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.not.stringContaining('unsafe-eval'),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
      });
    });

    it.each(['GET', 'OPTIONS', 'POST'])(
      'to %s says neither what made it nor lets another origin read it',
      async (method) => {
        const asked = { ...ELSEWHERE, 'Access-Control-Request-Method': 'POST' };
        for (const path of [...Object.values(paths), '/demo/reset']) {
          const names = [...(await services[app].get(path, { method, headers: asked })).headers.keys()];
          expect(names.filter((name) => /^(x-powered-by|server|access-control-.*)$/.test(name))).toEqual([]);
        }
      },
    );
  });

  it.each(APPS)(
    'every route of the %s that changes something refuses a page of another origin',
    async (app) => {
      const mapped = services[app].output.matchAll(/Mapped \{([^,]+), (\w+)\} route/g);
      const changes = [...mapped].filter(([, , method]) => method !== 'GET');
      expect(changes.length).toBeGreaterThan(2);
      for (const [, path = '', method] of changes)
        for (const Origin of [ELSEWHERE.Origin, 'null', `http://127.0.0.1:${otlpPort}`, 'x']) {
          const { status } = await services[app].get(path, { method, headers: { Origin } });
          expect([path, Origin, status]).toEqual([path, Origin, 403]);
        }
    },
  );

  it.each(APPS)('the %s takes no change from a site whose name was made to lead here', async (app) => {
    const { port } = services[app];
    const path = app === 'console' ? '/api/faults/all/reset' : '/demo/reset';
    const headers = { Host: `evil.example:${port}`, Origin: `http://evil.example:${port}` };
    const answer = once(request({ port, path, method: 'POST', headers }).end(), 'response');
    const [{ statusCode }] = (await answer) as [IncomingMessage];
    expect(statusCode).toBe(403);
  });

  it('what a caller sends is no part of a statement', async () => {
    const order = { user_id: INJECTION, product_id: 5, quantity: 1 };
    expect((await services.order.post('/orders/create', order)).body).toMatchObject(order);
    const category = encodeURIComponent(INJECTION);
    expect((await services.product.get(`/products?category=${category}`)).body.products).toEqual([]);
    const texts = await system.sql('SELECT query FROM pg_stat_activity WHERE usename = $1', ['dbadmin']);
    expect(texts.some(({ query }) => query.includes('INSERT INTO orders'))).toBe(true);
    expect(texts.filter(({ query }) => query.includes('DROP TABLE'))).toEqual([]);
  });

  it.each(['dbadmin', 'dbcontrol'])(
    'the role %s owns nothing and may do nothing to the server',
    async (role) => {
      const [rights] = await system.sql(
        `SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls AS any,
        (SELECT count(*)::int FROM pg_shdepend WHERE refobjid = r.oid AND deptype = 'o') AS owned,
        has_schema_privilege(rolname, 'public', 'CREATE') AS creates,
        has_database_privilege(rolname, current_database(), 'CREATE') AS makes_schemas
      FROM pg_roles r WHERE rolname = $1`,
        [role],
      );
      expect(rights).toEqual({ any: false, owned: 0, creates: false, makes_schemas: false });
    },
  );

  it('each session of the services has limits for statements, locks and idle transactions', async () => {
    const { host, port, user, password, database } = system.settings;
    const client = new Client({ host, port, user, password, database });
    await client.connect();
    const { rows } = await client.query(`SELECT name, setting::int AS ms FROM pg_settings
      WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')`);
    await client.end();
    expect(Object.fromEntries(rows.map(({ name, ms }) => [name, ms]))).toEqual({
      statement_timeout: 40_000,
      lock_timeout: 2_000,
      idle_in_transaction_session_timeout: 1_500,
    });
  });

  it('the token is in no span, metric or log', async () => {
    const { order } = services;
    for (const token of [TOKEN, `${TOKEN}x`]) {
      await order.post('/demo/enable-slow-queries', { delay_ms: 1 }, { Authorization: `Bearer ${token}` });
      await order.post('/demo/reset', {}, { Authorization: `Bearer ${token}` });
    }
    const metrics = await order.get('/metrics');
    expect(metrics.text).toContain('demo_fault_active');
    // Stopping sends what is left.
    await order.stop();
    expect(capture.spans.some(({ name }) => name === 'POST /demo/reset')).toBe(true);
    const sent = Buffer.concat(capture.requests.map(({ body }) => body)).toString('latin1');
    expect([sent, metrics.text, order.output].filter((text) => text.includes(TOKEN))).toEqual([]);
  });

  it('no password is in a log, an answer or a span when the database refuses it', async () => {
    const wrong = 'password-that-nobody-may-read-71';
    const product = await system.service('product', {
      ...capture.environment(),
      LOG_LEVEL: 'debug',
      DB_PASSWORD: wrong,
      DB_CONTROL_PASSWORD: wrong,
      DB_ACQUIRE_TIMEOUT_MS: '300',
    });
    const answers = [];
    for (const path of ['/products', '/health', '/health/ready', '/metrics', '/demo/status'])
      answers.push(await product.get(path));
    expect(answers[0]?.status).toBe(503);
    await product.stop();
    const sent = Buffer.concat(capture.requests.map(({ body }) => body)).toString('latin1');
    const said = [sent, product.output, ...answers.map(({ text }) => text)];
    expect(said.filter((text) => text.includes(wrong))).toEqual([]);
  });

  it('a token that is not usable is not repeated', async () => {
    const unusable = 'short';
    const started = system.service('product', { CHAOS_TOKEN: `${unusable} ${unusable}`, DB_PORT: 'x' });
    await expect(started).rejects.toThrow('DB_PORT');
    await expect(started).rejects.not.toThrow(unusable);
  });

  it('the console accepts telemetry only from this machine by default', async () => {
    // This is an address of this machine too, so that only a receiver bound to all of them answers it.
    expect(await reachable('127.0.0.1', otlpPort)).toBe(true);
    expect(await reachable('127.0.0.2', otlpPort)).toBe(false);
  });

  it('no file of the program is served', async () => {
    for (const path of ['/.env', '/package.json', '/dist', '/../package.json', '/docs/../../package.json'])
      expect([path, (await services.inventory.get(path)).status]).toEqual([path, 404]);
  });
});

function reachable(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

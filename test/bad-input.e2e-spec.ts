import { gzipSync } from 'node:zlib';
import type { Answer, AppName, RunningService } from './support/running-service';
import { System } from './support/system';

const CREATE = '/orders/create';
const RESERVE = '/inventory/reserve';
const SLOW = '/demo/enable-slow-queries';
const EXHAUST = '/demo/simulate-pool-exhaustion';
const BODY_LIMIT = 16 * 1_024;

/** A valid body for each route that has one. */
const GOOD: Record<string, object> = {
  [CREATE]: { user_id: 'demo_user', product_id: 5, quantity: 2 },
  [RESERVE]: { product_id: 5, quantity: 1 },
  [SLOW]: { delay_ms: 10 },
  [EXHAUST]: { connections: 1 },
};
const ROUTES = Object.keys(GOOD);

// Raw JSON text, since JSON.stringify writes neither 1e309 nor half a surrogate pair; undefined leaves the field out.
const NO_COUNT = ['0', '-1', '1.5', '"2"', '1e309', 'null', 'true', '[]', '{}'];
const NO_ID = [...NO_COUNT, '-5', '99999999999', '2147483648', undefined];
const NO_USER = ['""', '"   "', '"a\\u0000b"', '"\\ud800"', '7', 'null', '{}', undefined];
// The last one has 400 characters for PostgreSQL, but looks like 200.
const LONG_USER = [text(256), text(300), text(256, '👩'), text(200, 'a\uFE0F')];
const BAD_FIELDS: [route: string, field: string, values: (string | undefined)[]][] = [
  [CREATE, 'quantity', [...NO_COUNT, '10001', undefined]],
  [RESERVE, 'quantity', [...NO_COUNT, '10001', undefined]],
  [CREATE, 'product_id', NO_ID],
  [RESERVE, 'product_id', NO_ID],
  [CREATE, 'user_id', [...NO_USER, ...LONG_USER]],
  ...ROUTES.map((route): [string, string, string[]] => [route, 'surprise', ['{}']]),
  ...ROUTES.map((route): [string, string, string[]] => [route, '__proto__', ['{}']]),
  [CREATE, 'constructor', ['{}']],
];
const NO_JSON = ['{', '{"delay_ms":NaN}', ' ', 'product_id=5&quantity=1'];
const NO_OBJECT = ['[]', '[{}]', '5', '"5"', 'true', 'null'];

const BAD_LIMITS = ['abc', '0', '101', '', '1&limit=2', '1e3', '-5', '1.5', '99999999999'];
const BAD_QUERIES: [path: string, parameter: string, values: string[]][] = [
  ['/products', 'limit', BAD_LIMITS],
  ['/orders/popular-products', 'limit', BAD_LIMITS],
  ['/products', 'offset', ['-1', '1000001', 'x']],
  ['/products', 'price_min', ['NaN', '', '-1', '1e309', 'Infinity']],
  ['/products', 'price_max', ['-0.01', '100000000']],
  ['/products', 'category', ['', 'a%00b', '%20', 'Audio&category=Video', 'x'.repeat(101)]],
  ['/products', 'surprise', ['1']],
  ['/products', '__proto__', ['1']],
  ['/orders/popular-products', 'surprise', ['1']],
];
const BAD_IDS = ['abc', '0', '-1', '1.5', '99999999999', '1e3', '5%00', '%20', '__proto__'];
const NOT_THERE: [call: string, slug: string, body?: string][] = [
  ['GET /products/2147483647', 'unknown-product'],
  ['GET /inventory/check/2147483647', 'unknown-product'],
  [`POST ${RESERVE}`, 'unknown-product', changed(RESERVE, 'product_id', '999')],
  [`POST ${CREATE}`, 'unknown-product', changed(CREATE, 'product_id', '999')],
  ['GET /orders/nothing-here', 'not-found'],
  ['POST /nothing-here', 'not-found'],
];
const OTHER_METHODS: [call: string, allow: string][] = [
  [`GET ${CREATE}`, 'POST, OPTIONS'],
  ['DELETE /products/1', 'GET, HEAD, OPTIONS'],
  ['PATCH /inventory/check/5', 'GET, HEAD, OPTIONS'],
  [`PUT ${SLOW}`, 'POST, OPTIONS'],
  ['POST /health/ready', 'GET, HEAD, OPTIONS'],
  ['POST /docs-json', 'GET, HEAD, OPTIONS'],
];
/** A value with that many levels, as JSON text. */
const NESTED: Record<string, (depth: number) => string> = {
  arrays: (depth) => '['.repeat(depth) + ']'.repeat(depth),
  objects: (depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
  both: (depth) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`,
};

describe('bad input', () => {
  let system: System;
  const services = {} as Record<AppName, RunningService>;
  let before: object | undefined;

  beforeAll(async () => {
    system = await System.start();
    for (const app of ['product', 'inventory', 'order'] as const) services[app] = await system.service(app);
  });
  afterAll(() => system?.stop());

  const serviceOf = (path: string) => services[appOf(path)];
  const send = (route: string, body?: string, headers?: Record<string, string>) =>
    serviceOf(route).post(route, body, headers);
  /** The data that a refused request must leave unchanged. */
  const data = async () => {
    const [row] = await system.sql(`SELECT (SELECT count(*) FROM orders) AS orders,
      (SELECT sum(stock_quantity) FROM products) AS stock, (SELECT json_agg(f) FROM demo_faults f) AS faults`);
    return row;
  };

  describe('changes nothing, and is answered with a problem that names what is wrong:', () => {
    beforeEach(async () => {
      before = await data();
    });
    afterEach(async () => {
      const after = await data();
      if (after?.faults) await services.inventory.post('/demo/reset');
      expect(after).toEqual(before);
    });

    const fields = BAD_FIELDS.flatMap(([route, field, values]) =>
      values.map((raw) => ({ route, field, raw, shown: shown(raw) })),
    );
    it.each(fields)('POST $route with $field $shown', async ({ route, field, raw }) => {
      expectProblem(await send(route, changed(route, field, raw)), 400, 'invalid-request', field);
    });

    const queries = BAD_QUERIES.flatMap(([path, name, values]) =>
      values.map((value) => ({ path, name, value })),
    );
    it.each(queries)('GET $path?$name=$value', async ({ path, name, value }) => {
      expectProblem(await serviceOf(path).get(`${path}?${name}=${value}`), 400, 'invalid-request', name);
    });

    it.each(BAD_IDS)('the id %s in a path', async (id) => {
      expectProblem(await services.product.get(`/products/${id}`), 400, 'invalid-request', 'id');
      const check = await services.inventory.get(`/inventory/check/${id}`);
      expectProblem(check, 400, 'invalid-request', 'product_id');
    });

    it('a path that is not text', async () => {
      expectProblem(await services.product.get('/products/%ff'), 400, 'invalid-request');
    });

    it.each(NOT_THERE)('%s: %s', async (call, slug, ...[body]) => {
      const [method, path = ''] = call.split(' ');
      expectProblem(await serviceOf(path).get(path, { method, body }), 404, slug);
    });

    it.each(OTHER_METHODS)('%s, which takes %s', async (call, allow) => {
      const [method, path = ''] = call.split(' ');
      const answer = await serviceOf(path).get(path, { method });
      expectProblem(answer, 405, 'method-not-allowed');
      expect(answer.headers.get('allow')).toBe(allow);
      const options = await serviceOf(path).get(path, { method: 'OPTIONS' });
      expect([options.status, options.headers.get('allow'), options.text]).toEqual([204, allow, '']);
    });

    it('a field with several faults, in one sentence', async () => {
      for (const route of [CREATE, RESERVE]) {
        const { body } = await send(route, changed(route, 'quantity', '"many"'));
        expect(body.errors).toHaveLength(1);
      }
    });

    describe.each(ROUTES)('POST %s with a body that', (route) => {
      it.each(Object.entries(NESTED))('is nested too deeply: %s', async (_, nested) => {
        for (const depth of [10, 100, 2_000]) {
          const [field = 'surprise'] = Object.keys(GOOD[route] ?? {});
          for (const name of [field, 'surprise', '__proto__'])
            expectProblem(
              await send(route, changed(route, name, nested(depth))),
              400,
              'invalid-request',
              name,
            );
        }
      });

      it.each([...NO_JSON, ...NO_OBJECT])('is %s', async (body) => {
        for (const type of ['application/json', 'application/x-www-form-urlencoded'])
          expectProblem(await send(route, body, { 'Content-Type': type }), 400, 'malformed-json');
      });

      it('is larger than 16 KiB, as it is sent or once decompressed', async () => {
        for (const bytes of [BODY_LIMIT + 1, 1_000_000]) {
          expectProblem(await send(route, padded(bytes)), 413, 'body-too-large');
          const packed = { body: gzipSync(padded(bytes)), headers: { 'Content-Encoding': 'gzip' } };
          expectProblem(
            await serviceOf(route).get(route, { method: 'POST', ...packed }),
            413,
            'body-too-large',
          );
        }
      });

      it('has the largest size that is read', async () => {
        expectProblem(await send(route, padded(BODY_LIMIT)), 400, 'invalid-request');
      });

      it.each([
        ['Content-Type', 'application/json; charset=latin1'],
        ['Content-Type', 'application/json; charset=utf-99'],
        ['Content-Encoding', 'compress'],
      ])('has the unreadable %s %s', async (header, value) => {
        const answer = await send(route, JSON.stringify(GOOD[route]), { [header]: value });
        expectProblem(answer, 415, 'unsupported-encoding');
      });
    });

    it.each([CREATE, RESERVE])('POST %s without any of its fields', async (route) => {
      for (const body of [undefined, '', '{}']) {
        const answer = await send(route, body);
        expectProblem(answer, 400, 'invalid-request');
        const named = answer.body.errors.map(({ field }: { field: string }) => field);
        expect(named).toEqual(expect.arrayContaining(Object.keys(GOOD[route] as object)));
      }
    });
  });

  describe('is not to be confused with', () => {
    it.each([
      'application/x-www-form-urlencoded',
      'text/plain',
      'application/json; charset=utf-8',
      'application/json',
    ])('JSON that is sent as %s', async (type) => {
      const headers = { 'Content-Type': type };
      expect((await send(RESERVE, '{"product_id":5,"quantity":3}', headers)).body.reserved).toBe(3);
      expect((await send(CREATE, '{"user_id":"u","product_id":5,"quantity":4}', headers)).status).toBe(201);
      expect((await send(SLOW, '{"delay_ms":7}', headers)).body.asked).toEqual({ delay_ms: 7 });
      await services.inventory.post('/demo/reset');
    });

    it.each([undefined, '', '{}'])('a fault that is left to its defaults by the body %j', async (body) => {
      expect((await send(SLOW, body)).body.asked).toEqual({ delay_ms: 2_900 });
      expect((await send(EXHAUST, body)).body.asked).toEqual({ connections: 95 });
      await services.inventory.post('/demo/reset');
    });

    it('a user_id of 255 characters, four bytes each', async () => {
      const body = changed(CREATE, 'user_id', text(255, '👩'));
      expect((await send(CREATE, body)).body).toMatchObject(JSON.parse(body));
    });
  });
});

function appOf(path: string): AppName {
  if (path.startsWith('/orders')) return 'order';
  return path.startsWith('/products') ? 'product' : 'inventory';
}

/** The valid body of a route with one field replaced by raw JSON text, or removed. */
function changed(route: string, field: string, raw?: string): string {
  const others = Object.entries(GOOD[route] as object).filter(([name]) => name !== field);
  const members = others.map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
  return `{${[...members, ...(raw === undefined ? [] : [`"${field}":${raw}`])].join()}}`;
}

/** An object with that many bytes, with an unknown field. */
function padded(bytes: number): string {
  return `{"surprise":"${'x'.repeat(bytes - '{"surprise":""}'.length)}"}`;
}

function text(length: number, character = 'x'): string {
  return JSON.stringify(character.repeat(length));
}

function shown(raw = 'missing'): string {
  return raw.length > 40 ? `${raw.slice(0, 5)}… of length ${raw.length - 2}` : raw;
}

/** What must never be in an answer: SQL, a host, a role, a stack. */
const INSIDE =
  /SELECT |INSERT |UPDATE |productcatalog|dbadmin|dbcontrol|127\.0\.0\.1|localhost|node_modules|\bat \S+ \(|\.[jt]s:\d/;

function expectProblem(
  { status, headers, body }: Answer,
  expected: number,
  slug: string,
  field?: string,
): void {
  expect([status, body.type]).toEqual([expected, `urn:problem-type:${slug}`]);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  expect(body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  const named = new Set(body.errors?.map((error: { field: string }) => error.field));
  if (field) expect([...named]).toEqual([field]);
  expect(JSON.stringify(body)).not.toMatch(INSIDE);
}

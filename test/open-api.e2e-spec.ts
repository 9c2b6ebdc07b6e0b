import { eventually } from './support/eventually';
import { OpenApi, type Operation, type Schema } from './support/open-api';
import type { Answer, AppName, RunningService } from './support/running-service';
import { System } from './support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system?.stop());

describe.each<AppName>(['product', 'inventory', 'order'])(
  'the OpenAPI document of the %s-service',
  (name) => {
    let service: RunningService;
    let document: OpenApi;
    let calls: Operation[];

    beforeAll(async () => {
      service = await system.service(name);
      await eventually(async () => expect((await service.get('/health')).body.status).toBe('ok'));
      document = new OpenApi((await service.get('/docs-json')).body);
      calls = document.operations;
    });
    afterEach(() => service.post('/demo/reset'));

    /** All that a caller can set in a request, but for headers. */
    const inputs = ({ parameters, body }: Operation): [name: string, schema: Schema][] => [
      ...parameters.filter((p) => p.in !== 'header').map((p): [string, Schema] => [p.name, p.schema]),
      ...Object.entries(body?.properties ?? {}),
    ];

    /** Sends the example request, with some of its values changed. */
    const send = (call: Operation, changed: Record<string, unknown> = {}): Promise<Answer> => {
      const value = (input: string, schema: Schema) => changed[input] ?? schema.example ?? schema.default;
      const query = new URLSearchParams();
      let { path } = call;
      for (const parameter of call.parameters) {
        const text = String(value(parameter.name, parameter.schema));
        if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, text);
        if (parameter.in === 'query') query.set(parameter.name, text);
      }
      const members = Object.entries(call.body?.properties ?? {}).map(([key, schema]) => [
        key,
        value(key, schema),
      ]);
      const body = call.body && JSON.stringify(Object.fromEntries(members));
      return service.get(`${path}?${query}`, { method: call.method, body });
    };

    it('is a page for people, with all that the page needs', async () => {
      const { status, headers, body } = await service.get('/docs');
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      const parts = [...String(body).matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map(([, part]) =>
        String(part),
      );
      expect(parts.length).toBeGreaterThan(2);
      for (const part of parts) {
        const { pathname } = new URL(part, `${service.url}/docs`);
        expect([part, (await service.get(pathname)).status]).toEqual([part, 200]);
      }
    });

    it('lists each route that the service has, and no other', async () => {
      const listed = calls.map(({ route }) => route).sort();
      expect(listed).toContain('POST /demo/reset');
      await eventually(() => {
        const mapped = [...service.output.matchAll(/Mapped \{([^,]+), (\w+)\} route/g)];
        const routes = mapped.map(([, path, method]) => `${method} ${path?.replace(/:(\w+)/g, '{$1}')}`);
        expect(routes.sort()).toEqual(listed);
      });
    });

    it('says of each route what it is for, and of each value its limits and an example or a default', () => {
      for (const call of calls) {
        expect([call.route, call.summary]).toEqual([call.route, expect.stringMatching(/\w{3}/)]);
        for (const [input, schema] of inputs(call)) {
          const { type, example = schema.default, ...limits } = schema;
          const needed = type === 'string' ? ['maxLength'] : ['minimum', 'maximum'];
          const given = { input, example, limits: Object.keys(limits) };
          expect(given).toEqual({
            input,
            example: expect.anything(),
            limits: expect.arrayContaining(needed),
          });
        }
      }
    });

    it('requires no value that has a default', () => {
      const required = calls.flatMap(
        ({ body }) => body?.required?.map((input) => body.properties?.[input]) ?? [],
      );
      expect(required.filter((schema) => schema?.default !== undefined)).toEqual([]);
    });

    it('has examples that the service accepts, and answers as described', async () => {
      for (const call of calls) {
        const { status, headers, body } = await send(call);
        const type = headers.get('content-type') ?? '';
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        expect([call.route, document.deviation(call, status, type, text)]).toEqual([call.route, undefined]);
        expect([call.route, Object.keys(call.responses)[0]]).toEqual([call.route, `${status}`]);
        expect(status).toBeLessThan(300);
      }
    });

    it('has limits that are those of the service', async () => {
      for (const call of calls)
        for (const [input, { minimum = Number.NaN, maximum = Number.NaN, maxLength }] of inputs(call)) {
          const within: unknown[] = maxLength ? ['x'.repeat(maxLength)] : [minimum, maximum];
          const beyond: unknown[] = maxLength ? ['x'.repeat(maxLength + 1)] : [minimum - 1, maximum + 1];
          const refused: unknown[] = [];
          for (const value of [...beyond, ...within]) {
            const { status, body } = await send(call, { [input]: value });
            if (status === 400 && body.errors[0].field === input) refused.push(value);
          }
          // Only a running service knows its budget.
          if (input === 'connections') beyond.push(maximum);
          expect([call.route, input, refused]).toEqual([call.route, input, beyond]);
        }
    });

    it('describes each problem as one, with an example of each type', () => {
      for (const { route, responses } of calls)
        for (const [status, { content = {} }] of Object.entries(responses)) {
          // The health document is the same when the service is down.
          if (Number(status) < 300 || route === 'GET /health') continue;
          expect([route, status, Object.keys(content)]).toEqual([
            route,
            status,
            ['application/problem+json'],
          ]);
          const { schema, examples = {} } = content['application/problem+json'] ?? {};
          expect(schema?.required).toEqual(['type', 'title', 'status', 'detail']);
          expect(Object.keys(examples).length).toBeGreaterThan(0);
          for (const [slug, { value }] of Object.entries(examples))
            expect(value).toMatchObject({ type: `urn:problem-type:${slug}`, status: Number(status) });
        }
    });
  },
);

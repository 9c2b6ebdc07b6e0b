import Ajv from 'ajv';
import { ConsoleSystem } from './support/console-system';
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

    /** Everything that a caller can set in a request, except headers. */
    const inputs = ({ parameters, body }: Operation): [name: string, schema: Schema][] => [
      ...parameters.filter((p) => p.in !== 'header').map((p): [string, Schema] => [p.name, p.schema]),
      ...Object.entries(body?.properties ?? {}),
    ];

    /** Values at the limits of a schema, and the next ones beyond them. */
    const edges = ({ minimum = Number.NaN, maximum = Number.NaN, maxLength, ...schema }: Schema) => {
      if (schema.enum) return { within: schema.enum, beyond: ['none of them'] };
      if (maxLength) return { within: ['x'.repeat(maxLength)], beyond: ['x'.repeat(maxLength + 1)] };
      return { within: [minimum, maximum], beyond: [minimum - 1, maximum + 1] };
    };

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

    it('says what each route is for, and gives each value its limits and an example or a default', () => {
      for (const call of calls) {
        expect([call.route, call.summary]).toEqual([call.route, expect.stringMatching(/\w{3}/)]);
        for (const [input, schema] of inputs(call)) {
          const { type, example = schema.default, ...limits } = schema;
          const text = limits.enum ? ['enum'] : ['maxLength'];
          const needed = type === 'string' ? text : ['minimum', 'maximum'];
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
        for (const [input, schema] of inputs(call)) {
          const { within, beyond } = edges(schema);
          const refused: unknown[] = [];
          for (const value of [...beyond, ...within]) {
            const { status, body } = await send(call, { [input]: value });
            if (status === 400 && body.errors[0].field === input) refused.push(value);
          }
          expect([call.route, input, refused]).toEqual([call.route, input, beyond]);
        }
    });

    it('refuses what it does not declare, asks for no token if none is set, and describes the headers of answers', () => {
      for (const { route, secured, body, responses } of calls) {
        expect([route, secured]).toEqual([route, false]);
        // A body of several kinds says so for each of them.
        if (body?.properties) expect([route, body.additionalProperties]).toEqual([route, false]);
        const { headers } = responses[503] ?? {};
        const problem = responses[503]?.content?.['application/problem+json'];
        if (problem) expect([route, Object.keys(headers ?? {})]).toEqual([route, ['Retry-After']]);
      }
    });

    it('has the settings of each fault, and for each an example that is within them', async () => {
      const { faults } = (await service.get('/demo/faults')).body;
      const { paths } = (await service.get('/docs-json')).body;
      const { schema, examples } = paths['/demo/faults/{name}'].post.requestBody.content['application/json'];
      const validate = (settings: object) =>
        new Ajv({ strict: true }).addVocabulary(['example']).compile(settings);
      expect(Object.keys(examples)).toEqual(faults.map((fault: { name: string }) => fault.name));
      for (const [index, { name, title, settings, example }] of faults.entries()) {
        expect(schema.anyOf[index]).toEqual({ title, ...settings });
        expect([name, examples[name].value]).toEqual([name, example]);
        expect([name, validate(settings)(example)]).toEqual([name, true]);
        const defaults = Object.entries<{ default: unknown }>(settings.properties).map(([key, one]) => [
          key,
          one.default,
        ]);
        expect([name, validate(settings)(Object.fromEntries(defaults))]).toEqual([name, true]);
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

describe('the OpenAPI document of the console', () => {
  let demo: ConsoleSystem;
  let document: OpenApi;

  beforeAll(async () => {
    demo = await ConsoleSystem.start();
    document = new OpenApi((await demo.console.get('/docs-json')).body);
  });
  afterAll(() => demo?.stop());

  const deviation = (call: Operation, { status, headers, body }: Answer) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return document.deviation(call, status, headers.get('content-type') ?? '', text);
  };

  it('lists each route that it has, with what it is for', async () => {
    const mapped = [...demo.console.output.matchAll(/Mapped \{([^,]+), (\w+)\} route/g)];
    const routes = mapped.map(([, path, method]) => `${method} ${path?.replace(/:(\w+)/g, '{$1}')}`);
    expect(document.operations.map(({ route }) => route).sort()).toEqual(routes.sort());
    expect(routes).toContain('POST /api/faults/{service}/{fault}');
    for (const { route, summary } of document.operations)
      expect([route, summary]).toEqual([route, expect.stringMatching(/\w{3}/)]);
  });

  it('has the answers to what is right and to what is not', async () => {
    for (const call of document.operations.filter(({ path }) => path !== '/api/live')) {
      const path = call.path.replace(/\{\w+\}/g, 'NO_SUCH_THING');
      const answer =
        call.method === 'POST'
          ? await demo.console.post(path, '{')
          : await demo.console.get(path, { method: call.method });
      expect([call.route, deviation(call, answer)]).toEqual([call.route, undefined]);
    }
  });

  it('can be read as a page, whose styles its policy allows', async () => {
    const { status, headers } = await demo.console.get('/docs');
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("style-src 'self' 'unsafe-inline'");
    expect((await demo.console.get('/')).headers.get('content-security-policy')).toContain(
      "style-src 'self';",
    );
  });
});

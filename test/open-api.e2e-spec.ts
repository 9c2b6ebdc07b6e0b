import { eventually } from './support/eventually';
import type { Answer, AppName, RunningService } from './support/running-service';
import { System } from './support/system';

interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  example?: unknown;
  default?: unknown;
}
interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema: Schema;
}
type Content = Record<string, { schema?: Schema; examples?: Record<string, { value: { type: string } }> }>;
interface Operation {
  summary?: string;
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}
interface Call {
  route: string;
  method: string;
  path: string;
  operation: Operation;
}

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system?.stop());

describe.each<AppName>(['product', 'inventory', 'order'])(
  'the OpenAPI document of the %s-service',
  (name) => {
    let service: RunningService;
    let schemas: Record<string, Schema>;
    let calls: Call[];

    beforeAll(async () => {
      service = await system.service(name);
      await eventually(async () => expect((await service.get('/health')).body.status).toBe('ok'));
      const { paths, components } = (await service.get('/docs-json')).body;
      schemas = components.schemas;
      calls = Object.entries<Record<string, Operation>>(paths).flatMap(([path, operations]) =>
        Object.entries(operations).map(([verb, operation]) => {
          const method = verb.toUpperCase();
          return { route: `${method} ${path}`, method, path, operation };
        }),
      );
    });
    afterEach(() => service.post('/demo/reset'));

    const resolved = (schema: Schema = {}): Schema =>
      schemas[schema.$ref?.replace('#/components/schemas/', '') ?? ''] ?? schema;
    const bodyOf = ({ operation }: Call) =>
      resolved(operation.requestBody?.content['application/json']?.schema);
    /** All that a caller can set in a request, but for headers. */
    const inputs = (call: Call): [name: string, schema: Schema][] => [
      ...call.operation.parameters
        .filter((p) => p.in !== 'header')
        .map((p): [string, Schema] => [p.name, p.schema]),
      ...Object.entries(bodyOf(call).properties ?? {}),
    ];

    /** Sends the example request, with some of its values changed. */
    const send = (call: Call, changed: Record<string, unknown> = {}): Promise<Answer> => {
      const { operation, method } = call;
      const value = (input: string, schema: Schema) => changed[input] ?? schema.example ?? schema.default;
      const query = new URLSearchParams();
      let { path } = call;
      for (const parameter of operation.parameters) {
        const text = String(value(parameter.name, parameter.schema));
        if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, text);
        if (parameter.in === 'query') query.set(parameter.name, text);
      }
      const members = Object.entries(bodyOf(call).properties ?? {}).map(([key, schema]) => [
        key,
        value(key, schema),
      ]);
      const body = operation.requestBody && JSON.stringify(Object.fromEntries(members));
      return service.get(`${path}?${query}`, { method, body });
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
        expect([call.route, call.operation.summary]).toEqual([call.route, expect.stringMatching(/\w{3}/)]);
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
        (call) => bodyOf(call).required?.map((input) => bodyOf(call).properties?.[input]) ?? [],
      );
      expect(required.filter((schema) => schema?.default !== undefined)).toEqual([]);
    });

    it('has examples that the service accepts, and answers as described', async () => {
      for (const call of calls) {
        const { status, body } = await send(call);
        const described = call.operation.responses[status]?.content?.['application/json']?.schema;
        const { required } = resolved(described);
        expect([call.route, Object.keys(call.operation.responses)[0]]).toEqual([call.route, `${status}`]);
        expect([call.route, body]).toEqual([call.route, expect.anything()]);
        expect(status).toBeLessThan(300);
        if (required) expect([call.route, Object.keys(body).sort()]).toEqual([call.route, required.sort()]);
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
      for (const { route, operation } of calls)
        for (const [status, { content = {} }] of Object.entries(operation.responses)) {
          if (Number(status) < 300) continue;
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

    it('lists each problem that a bad body is answered with', async () => {
      const bodies: RequestInit[] = [
        { body: '{' },
        { body: '{"surprise":1}' },
        { body: 'x'.repeat(100_000) },
        { body: '{}', headers: { 'Content-Encoding': 'compress' } },
      ];
      const missing = [];
      for (const { route, method, path, operation } of calls.filter((call) => call.operation.requestBody))
        for (const init of bodies) {
          const { status, body } = await service.get(path, { method, ...init });
          const slug = String(body.type).replace('urn:problem-type:', '');
          const listed = operation.responses[status]?.content?.['application/problem+json']?.examples ?? {};
          if (!(slug in listed)) missing.push(`${route}: ${status} ${slug}`);
        }
      expect(missing).toEqual([]);
    });
  },
);

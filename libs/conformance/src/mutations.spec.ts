import type { DecodedMetric, DecodedSpan } from '@app/otlp';
import { evaluate } from './evaluate';
import { type Capture, goodCapture, log, metric, span } from './good-capture.spec-support';
import { RULES } from './rules';

interface Mutation {
  what: string;
  change(capture: Capture): void;
  /** The rules that it breaks, and no others. */
  breaks: string[];
}

const named = (name: string) => (capture: Capture) =>
  capture.spans.find((one) => one.name === name) as DecodedSpan;
const statement = named('SELECT users');
const begin = named('BEGIN');
const wait = named('pool.acquire');
const request = (capture: Capture) => capture.spans.find(({ kind }) => kind === 'SERVER') as DecodedSpan;
const answered = (capture: Capture, status: number) =>
  capture.spans.find(
    ({ kind, attributes }) => kind === 'SERVER' && attributes['http.response.status_code'] === status,
  ) as DecodedSpan;
const failed = (capture: Capture) =>
  capture.spans.find(({ status, kind }) => status === 'ERROR' && kind === 'CLIENT') as DecodedSpan;
const point = (capture: Capture, name: string) =>
  capture.metrics.find((one) => one.name === name) as DecodedMetric;

const without =
  (...names: string[]) =>
  (capture: Capture) => {
    for (const { attributes } of capture.spans.filter(
      ({ attributes: all }) => all['db.operation.name'] !== undefined,
    ))
      for (const name of names) delete attributes[name];
  };
const text = (value: string) => (capture: Capture) =>
  Object.assign(statement(capture).attributes, { 'db.statement': value, 'db.query.text': value });
const systems = (value: string) => (capture: Capture) =>
  Object.assign(statement(capture).attributes, { 'db.system': value, 'db.system.name': value });

const lack = (name: string, ...breaks: string[]): Mutation => ({
  what: `statements without ${name}`,
  change: without(name),
  breaks,
});
const KINDS = [
  'coralogix-catalog',
  'coralogix-apm',
  'datadog',
  'new-relic',
  'splunk',
  'azure-monitor',
  'tempo',
  'service-graph-connector',
].map((reader) => `${reader}/kind`);

const MUTATIONS: Mutation[] = [
  { what: 'nothing', change: () => undefined, breaks: [] },
  // Any span
  {
    what: 'a span without a name',
    change: (c) => {
      named('GET')(c).name = ' ';
    },
    breaks: ['opentelemetry/span-name'],
  },
  {
    what: 'a span that begins in 1970',
    change: (c) => {
      wait(c).startUnixNano = 0n;
    },
    breaks: ['opentelemetry/span-times'],
  },
  {
    what: 'a span that has not ended',
    change: (c) => {
      wait(c).endUnixNano = 0n;
    },
    breaks: ['opentelemetry/span-times'],
  },
  {
    what: 'a span that ends before it begins',
    change: (c) => {
      wait(c).endUnixNano = wait(c).startUnixNano - 1n;
    },
    breaks: ['opentelemetry/span-times'],
  },
  {
    what: 'a resource without service.name',
    change: (c) => {
      Object.assign(wait(c), { resource: {}, service: 'unknown_service' });
    },
    breaks: ['opentelemetry/service-name', 'tempo/service', 'jaeger/service', 'skywalking/service'],
  },
  {
    what: 'the service.name that an SDK falls back to',
    change: (c) => {
      Object.assign(wait(c), {
        resource: { 'service.name': 'unknown_service:node' },
        service: 'unknown_service:node',
      });
    },
    breaks: ['opentelemetry/service-name-chosen'],
  },
  {
    what: 'a span that came twice',
    change: (c) => {
      c.spans.push({ ...wait(c) });
    },
    breaks: ['opentelemetry/one-span-per-id'],
  },
  {
    what: 'a port as a double',
    change: (c) => {
      Object.assign(statement(c), { doubles: ['server.port'] });
    },
    breaks: ['opentelemetry/integers'],
  },
  {
    what: 'a port as text',
    change: (c) => {
      Object.assign(statement(c).attributes, { 'server.port': '5432', 'net.peer.port': '5432' });
    },
    breaks: ['opentelemetry/integers'],
  },
  {
    what: 'old and current names that differ',
    change: (c) => {
      statement(c).attributes['db.name'] = 'orders';
    },
    breaks: ['opentelemetry/generations-agree'],
  },
  {
    what: 'the peer of a request, who is its client',
    change: (c) => {
      Object.assign(request(c).attributes, { 'net.peer.port': 40_000, 'server.port': 8_080 });
    },
    breaks: [],
  },
  {
    what: 'the status as the cause of an error in a metric',
    change: (c) => {
      point(c, 'http.server.request.duration').attributes['error.type'] = '500';
    },
    breaks: [],
  },
  {
    what: 'a request before the call that made it',
    change: (c) => {
      request(c).startUnixNano -= 1_000_000n;
    },
    breaks: ['jaeger/within-the-call'],
  },
  // Statements
  {
    what: 'a statement of kind INTERNAL',
    change: (c) => {
      statement(c).kind = 'INTERNAL';
    },
    breaks: ['opentelemetry/statement-kind', ...KINDS],
  },
  {
    what: 'a statement of kind SERVER',
    change: (c) => {
      statement(c).kind = 'SERVER';
    },
    breaks: ['opentelemetry/statement-kind', 'signoz/kind', ...KINDS],
  },
  {
    what: 'a system that nobody knows',
    change: systems('postgres'),
    breaks: ['opentelemetry/system-known', 'x-ray/db.system'],
  },
  {
    what: 'an empty system',
    change: systems(''),
    breaks: [
      'opentelemetry/system-known',
      'x-ray/db.system',
      ...['coralogix-catalog', 'coralogix-span-metrics', 'coralogix-apm', 'new-relic', 'signoz'].map(
        (r) => `${r}/db.system`,
      ),
      ...['datadog', 'elastic', 'dynatrace', 'splunk', 'azure-monitor'].map((r) => `${r}/db.system.name`),
      'elastic/apm-server',
    ],
  },
  {
    what: 'a number in the name of a statement',
    change: (c) => {
      statement(c).name = 'SELECT users 42';
    },
    breaks: ['opentelemetry/no-values-in-name'],
  },
  {
    what: 'a quoted value in the name of a statement',
    change: (c) => {
      statement(c).name = "SELECT users WHERE name = 'Jane'";
    },
    breaks: ['opentelemetry/no-values-in-name'],
  },
  {
    what: 'a long name',
    change: (c) => {
      statement(c).name = `SELECT ${'u'.repeat(100)}`;
    },
    breaks: ['coralogix-span-metrics/short-name'],
  },
  {
    what: 'a name of two lines',
    change: (c) => {
      statement(c).name = 'SELECT id\nFROM users';
    },
    breaks: ['coralogix-span-metrics/short-name'],
  },
  ...[
    "SELECT id FROM users WHERE name = 'Jane'",
    'SELECT id FROM users WHERE id = 42',
    'SELECT id FROM users WHERE name = $$Jane$$',
    "SELECT id FROM users WHERE name = E'Jane\\'s'",
    'SELECT id FROM users WHERE price > 1.5e3',
    "ALTER ROLE jane PASSWORD 'secret'",
  ].map((literal) => ({
    what: `the text ${literal}`,
    change: text(literal),
    breaks: ['opentelemetry/no-literals'],
  })),
  {
    what: 'a constant beside a parameter',
    change: text("SELECT id FROM users WHERE id = $1 AND state = 'new' LIMIT 10"),
    breaks: ['opentelemetry/constants-told'],
  },
  ...['SELECT 1 FROM users WHERE id = ?', 'SELECT count(*) FROM users'].map((harmless) => ({
    what: `the text ${harmless}`,
    change: text(harmless),
    breaks: harmless.includes('SELECT 1 ') ? ['opentelemetry/constants-told'] : [],
  })),
  ...[
    "SELECT id FROM users WHERE name = '?'",
    'SELECT t1.id FROM users t1',
    'SELECT "Col 1" FROM users',
    'SELECT id::int4 FROM users -- 42',
    'SELECT id FROM users /* shard 7 */',
  ].map((harmless) => ({
    what: `the harmless text ${harmless}`,
    change: text(harmless),
    breaks: [],
  })),
  {
    what: 'a number that BEGIN or SET sets',
    change: (c) =>
      Object.assign(begin(c).attributes, {
        'db.statement': 'SET statement_timeout = 500',
        'db.query.text': 'SET statement_timeout = 500',
      }),
    breaks: [],
  },
  {
    what: 'a statement told by two instrumentations, one within the other',
    change: (c) => {
      const { attributes, traceId, spanId } = statement(c);
      c.spans.push(
        span('SELECT users', 'CLIENT', {
          scope: 'orm',
          attributes: { ...attributes },
          traceId,
          parentSpanId: spanId,
        }),
      );
    },
    breaks: ['opentelemetry/one-span-a-statement'],
  },
  {
    what: 'a statement told by two instrumentations, one beside the other',
    change: (c) => {
      const { attributes, traceId, parentSpanId } = statement(c);
      c.spans.push(
        span('SELECT users', 'CLIENT', {
          scope: 'orm',
          attributes: { ...attributes },
          traceId,
          parentSpanId,
        }),
      );
    },
    breaks: ['opentelemetry/one-span-a-statement'],
  },
  {
    what: 'two statements alike at once, of one instrumentation',
    change: (c) => {
      const { attributes, traceId, parentSpanId } = statement(c);
      c.spans.push(span('SELECT users', 'CLIENT', { attributes: { ...attributes }, traceId, parentSpanId }));
    },
    breaks: [],
  },
  {
    what: 'a statement with error.type that did not fail',
    change: (c) => {
      statement(c).attributes['error.type'] = 'pool_timeout';
    },
    breaks: ['opentelemetry/error-status'],
  },
  {
    what: 'a failed statement without error.type',
    change: (c) => {
      delete failed(c).attributes['error.type'];
    },
    breaks: ['opentelemetry/error-type'],
  },
  {
    what: 'a refused statement without SQLSTATE',
    change: (c) => {
      delete failed(c).attributes['db.response.status_code'];
    },
    breaks: ['opentelemetry/sqlstate'],
  },
  {
    what: 'the wait for a connection as a query',
    change: (c) => {
      Object.assign(wait(c), { kind: 'CLIENT' });
      Object.assign(wait(c).attributes, {
        'db.system': 'postgresql',
        'db.system.name': 'postgresql',
        'db.name': 'customers',
        'db.namespace': 'customers',
      });
    },
    breaks: [
      'coralogix-span-metrics',
      'coralogix-apm',
      'datadog',
      'new-relic',
      'signoz',
      'tempo',
      'service-graph-connector',
    ].map((r) => `${r}/connecting-is-no-query`),
  },
  {
    what: 'peer.service on a statement',
    change: (c) => {
      statement(c).attributes['peer.service'] = 'database-of-shop';
    },
    breaks: ['datadog/no-peer.service', 'x-ray/no-peer.service'],
  },
  {
    what: 'no version of the service',
    change: (c) => {
      for (const one of c.spans) delete one.resource['service.version'];
    },
    breaks: ['coralogix-span-metrics/service.version'],
  },
  lack(
    'db.system',
    'coralogix-catalog/db.system',
    'coralogix-span-metrics/db.system',
    'coralogix-apm/db.system',
    'new-relic/db.system',
    'signoz/db.system',
    'elastic/apm-server',
    'x-ray/db.system',
  ),
  lack('db.system.name', 'opentelemetry/db.system.name', 'azure-monitor/db.system.name'),
  {
    what: 'statements without any system',
    change: without('db.system', 'db.system.name'),
    breaks: [
      ...['opentelemetry', 'datadog', 'elastic', 'dynatrace', 'splunk', 'azure-monitor'].map(
        (r) => `${r}/db.system.name`,
      ),
      ...['coralogix-catalog', 'coralogix-span-metrics', 'coralogix-apm', 'new-relic', 'signoz', 'x-ray'].map(
        (r) => `${r}/db.system`,
      ),
      'elastic/apm-server',
    ],
  },
  lack('db.name', 'coralogix-catalog/db.name', 'x-ray/db.name', 'service-graph-connector/db.name'),
  lack(
    'db.namespace',
    'opentelemetry/db.namespace',
    'coralogix-span-metrics/db.namespace',
    'coralogix-apm/db.namespace',
    'dynatrace/db.namespace',
  ),
  {
    what: 'statements without any name of a database',
    change: without('db.name', 'db.namespace'),
    breaks: [
      'coralogix-catalog/db.name',
      'x-ray/db.name',
      'service-graph-connector/db.name',
      'datadog/db.name',
      ...[
        'opentelemetry',
        'coralogix-span-metrics',
        'coralogix-apm',
        'dynatrace',
        'elastic',
        'signoz',
        'splunk',
      ].map((r) => `${r}/db.namespace`),
    ],
  },
  {
    what: 'statements without any identity',
    change: without('db.name', 'db.namespace', 'db.system', 'db.system.name'),
    breaks: [
      'coralogix-catalog/db.name',
      'x-ray/db.name',
      'service-graph-connector/db.name',
      'datadog/db.name',
      ...['coralogix-span-metrics', 'coralogix-apm', 'dynatrace', 'elastic', 'signoz', 'splunk', 'tempo'].map(
        (r) => `${r}/db.namespace`,
      ),
      'tempo/db.namespace',
      ...['opentelemetry', 'datadog', 'elastic', 'dynatrace', 'splunk', 'azure-monitor'].map(
        (r) => `${r}/db.system.name`,
      ),
      ...['coralogix-catalog', 'coralogix-span-metrics', 'coralogix-apm', 'new-relic', 'signoz', 'x-ray'].map(
        (r) => `${r}/db.system`,
      ),
      'elastic/apm-server',
    ],
  },
  lack('db.operation', 'coralogix-catalog/db.operation', 'new-relic/db.operation'),
  {
    what: 'a statement without the current name of its operation',
    change: (c) => {
      delete statement(c).attributes['db.operation.name'];
    },
    breaks: [
      'coralogix-span-metrics/db.operation.name',
      'coralogix-apm/db.operation.name',
      'dynatrace/db.operation.name',
    ],
  },
  {
    what: 'a statement without any operation',
    change: (c) => {
      for (const name of ['db.operation', 'db.operation.name']) delete statement(c).attributes[name];
    },
    breaks: [
      'coralogix-span-metrics/db.operation.name',
      'coralogix-apm/db.operation.name',
      'dynatrace/db.operation.name',
      'coralogix-catalog/db.operation',
      'new-relic/db.operation',
      'signoz/db.operation.name',
    ],
  },
  lack('db.statement', 'coralogix-catalog/db.statement', 'x-ray/db.statement'),
  lack('db.query.text', 'opentelemetry/db.query.text', 'dynatrace/db.query.text'),
  {
    what: 'a statement without any text',
    change: without('db.statement', 'db.query.text'),
    breaks: [
      'coralogix-catalog/db.statement',
      'x-ray/db.statement',
      'opentelemetry/db.query.text',
      'dynatrace/db.query.text',
      'datadog/db.query.text',
      'elastic/db.query.text',
      'splunk/db.query.text',
    ],
  },
  {
    what: 'a statement without text and operation',
    change: (c) => {
      for (const name of [
        'db.statement',
        'db.query.text',
        'db.operation',
        'db.operation.name',
        'db.sql.table',
        'db.collection.name',
      ])
        delete statement(c).attributes[name];
    },
    breaks: [
      'coralogix-catalog/db.statement',
      'x-ray/db.statement',
      'opentelemetry/db.query.text',
      ...['datadog', 'elastic', 'splunk', 'dynatrace', 'azure-monitor'].map((r) => `${r}/db.query.text`),
      ...['coralogix-span-metrics', 'coralogix-apm', 'dynatrace', 'signoz'].map(
        (r) => `${r}/db.operation.name`,
      ),
      'coralogix-catalog/db.operation',
      'new-relic/db.operation',
    ],
  },
  lack('db.sql.table', 'new-relic/db.sql.table'),
  lack('db.collection.name', 'coralogix-span-metrics/db.collection.name', 'coralogix-apm/db.collection.name'),
  lack('db.query.summary', 'opentelemetry/db.query.summary'),
  lack('db.response.returned_rows', 'opentelemetry/db.response.returned_rows'),
  lack('net.peer.name', 'coralogix-catalog/net.peer.name', 'skywalking/net.peer.name'),
  lack('server.address', 'opentelemetry/server.address', 'dynatrace/server.address'),
  {
    what: 'statements without any host',
    change: without('net.peer.name', 'server.address', 'network.peer.address'),
    breaks: [
      'coralogix-catalog/net.peer.name',
      'skywalking/net.peer.name',
      'datadog/net.peer.name',
      ...['opentelemetry', 'dynatrace', 'elastic', 'tempo'].map((r) => `${r}/server.address`),
      'azure-monitor/network.peer.address',
    ],
  },
  lack('network.peer.address', 'azure-monitor/network.peer.address'),
  lack('db.connection_string', 'x-ray/db.connection_string'),
  lack('server.port'),
  lack('net.peer.port'),
  // Requests
  {
    what: 'a 503 that is no error',
    change: (c) => {
      Object.assign(answered(c, 503), { status: 'UNSET' });
    },
    breaks: ['opentelemetry/server-error-status'],
  },
  {
    what: 'a 404 that is an error',
    change: (c) => {
      Object.assign(answered(c, 404), { status: 'ERROR' });
      answered(c, 404).attributes['error.type'] = '404';
    },
    breaks: ['opentelemetry/client-error-status'],
  },
  {
    what: 'a failed request without error.type',
    change: (c) => {
      delete answered(c, 503).attributes['error.type'];
    },
    breaks: ['opentelemetry/request-error-type'],
  },
  {
    what: 'the path as the route',
    change: (c) => {
      request(c).attributes['http.route'] = '/users/5';
    },
    breaks: ['opentelemetry/route-is-a-template'],
  },
  {
    what: 'the path as the name',
    change: (c) => {
      request(c).name = 'GET /users/5';
    },
    breaks: ['opentelemetry/no-values-in-request-name'],
  },
  {
    what: 'a request without a route',
    change: (c) => {
      delete request(c).attributes['http.route'];
    },
    breaks: ['opentelemetry/http.route'],
  },
  ...['url.path', 'url.scheme'].map((name) => ({
    what: `a request without ${name}`,
    change: (c: Capture) => {
      delete request(c).attributes[name];
    },
    breaks: [`opentelemetry/${name}`],
  })),
  {
    what: 'a request without its method',
    change: (c) => {
      delete request(c).attributes['http.request.method'];
    },
    breaks: ['opentelemetry/http.request.method'],
  },
  {
    what: 'a request without the current name of its status',
    change: (c) => {
      delete request(c).attributes['http.response.status_code'];
    },
    breaks: ['coralogix-span-metrics/http.response.status_code'],
  },
  {
    what: 'a request of kind CLIENT',
    change: (c) => {
      request(c).kind = 'CLIENT';
    },
    breaks: ['opentelemetry/request-kind'],
  },
  {
    what: 'all requests of kind INTERNAL',
    change: (c) => {
      for (const one of c.spans) if (one.kind === 'SERVER') one.kind = 'INTERNAL';
    },
    breaks: ['opentelemetry/request-kind', 'opentelemetry/entry-span'],
  },
  {
    what: 'no SERVER span, but something else above the statements',
    change: (c) => {
      for (const one of c.spans)
        if (one.kind === 'SERVER') Object.assign(one, { kind: 'INTERNAL', attributes: {}, name: 'handle' });
    },
    breaks: ['opentelemetry/entry-span'],
  },
  {
    what: 'only the statements',
    change: (c) => {
      c.spans = c.spans.filter(({ attributes }) => attributes['db.system']);
    },
    breaks: [],
  },
  {
    what: 'a job instead of a request',
    change: (c) => {
      for (const one of c.spans)
        if (one.kind === 'SERVER')
          Object.assign(one, { kind: 'INTERNAL', attributes: {}, name: 'nightly job' });
    },
    breaks: [],
  },
  // Metrics
  {
    what: 'a metric under a name that was given up',
    change: (c) => {
      point(c, 'db.client.connection.limit').name = 'db.client.connection.max';
    },
    breaks: ['opentelemetry/metric-names'],
  },
  {
    what: 'a metric under both names',
    change: (c) => {
      c.metrics.push({ ...point(c, 'db.client.connection.limit'), name: 'db.client.connection.max' });
    },
    breaks: [],
  },
  {
    what: 'a duration in milliseconds',
    change: (c) => {
      Object.assign(point(c, 'db.client.operation.duration'), {
        unit: 'ms',
        explicitBounds: [1_000, 2_500, 3_000],
      });
    },
    breaks: ['opentelemetry/metric-unit'],
  },
  {
    what: 'a counter of what goes up and down',
    change: (c) => {
      point(c, 'db.client.connection.count').monotonic = true;
    },
    breaks: ['opentelemetry/metric-instrument'],
  },
  {
    what: 'a gauge of connections',
    change: (c) => {
      c.metrics.push(
        metric('db.client.connection.idle.max', '{connection}', {
          attributes: { 'db.client.connection.pool.name': 'customers' },
        }),
      );
    },
    breaks: ['opentelemetry/metric-instrument'],
  },
  {
    what: 'a sum without temporality',
    change: (c) => {
      point(c, 'db.client.connection.timeouts').temporality = 'UNSPECIFIED';
    },
    breaks: ['opentelemetry/metric-temporality'],
  },
  {
    what: 'a metric of no pool',
    change: (c) => {
      point(c, 'db.client.connection.timeouts').attributes = {};
    },
    breaks: ['opentelemetry/metric-attributes'],
  },
  {
    what: 'the usual buckets',
    change: (c) => {
      point(c, 'http.server.request.duration').explicitBounds = [
        0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
      ];
    },
    breaks: ['opentelemetry/metric-buckets'],
  },
  {
    what: 'buckets that end below 2.9 s',
    change: (c) => {
      point(c, 'http.server.request.duration').explicitBounds = [0.1, 0.25];
    },
    breaks: ['opentelemetry/metric-buckets'],
  },
  {
    what: 'an id as an attribute of a metric',
    change: (c) => {
      point(c, 'http.server.request.duration').attributes['http.route'] = '/users/5';
    },
    breaks: ['opentelemetry/metric-cardinality'],
  },
  {
    what: 'hundreds of values of one attribute',
    change: (c) => {
      for (let at = 0; at < 101; at += 1)
        c.metrics.push({
          ...point(c, 'db.client.operation.duration'),
          attributes: { 'db.system.name': 'postgresql', user: `jane${at}` },
        });
    },
    breaks: ['opentelemetry/metric-cardinality'],
  },
  {
    what: 'a metric of no service',
    change: (c) => {
      point(c, 'db.client.connection.timeouts').resource = {};
    },
    breaks: ['opentelemetry/metric-service'],
  },
  // Logs
  {
    what: 'a record with half of its ids',
    change: (c) => void c.logs.push(log({ spanId: '' })),
    breaks: ['opentelemetry/log-trace'],
  },
  {
    what: 'an error outside of any trace',
    change: (c) => void c.logs.push(log({ traceId: '', spanId: '' })),
    breaks: ['opentelemetry/log-error-trace'],
  },
  {
    what: 'a record without severity',
    change: (c) => void c.logs.push(log({ severityNumber: 0 })),
    breaks: ['opentelemetry/log-severity'],
  },
  {
    what: 'an error under the number of information',
    change: (c) => void c.logs.push(log({ severityNumber: 9 })),
    breaks: ['opentelemetry/log-severity-text'],
  },
  {
    what: 'the words of other loggers',
    change: (c) =>
      void c.logs.push(
        log({ severityNumber: 13, severityText: 'warning' }),
        log({ severityNumber: 21, severityText: 'CRITICAL' }),
        log({ severityText: 'notable' }),
      ),
    breaks: [],
  },
  {
    what: 'a record without a time',
    change: (c) => void c.logs.push(log({ timeUnixNano: 0n })),
    breaks: ['opentelemetry/log-time'],
  },
  {
    what: 'an exception that is a stack trace alone',
    change: (c) => void c.logs.push(log({ attributes: { 'exception.stacktrace': 'at x' } })),
    breaks: ['opentelemetry/log-exception'],
  },
  {
    what: 'a record of no service',
    change: (c) => void c.logs.push(log({ resource: {} })),
    breaks: ['opentelemetry/log-service'],
  },
];

const broken = (capture: Capture) =>
  evaluate(capture)
    .filter((verdict) => verdict.broken > 0)
    .map(({ id }) => id)
    .sort();

describe('the mutation table', () => {
  it.each(MUTATIONS)('$what breaks exactly the rules that are about it', ({ change, breaks }) => {
    const capture = goodCapture();
    change(capture);
    expect(broken(capture)).toEqual([...new Set(breaks)].sort());
  });

  it('has a mutation for every rule, and a rule for every fault', () => {
    const seen = new Set(MUTATIONS.flatMap(({ breaks }) => breaks));
    expect(RULES.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
    expect([...seen].filter((id) => !RULES.some((rule) => rule.id === id))).toEqual([]);
  });

  it('checks something of the good capture with every rule', () => {
    expect(
      evaluate(goodCapture())
        .filter(({ checked }) => checked === 0)
        .map(({ id }) => id),
    ).toEqual([]);
  });

  it('gives each rule a name of its own, a sentence and a source', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    for (const { without, source } of RULES) {
      expect(without).toMatch(/^[A-Z].*\.$/);
      expect(source.address).toMatch(/^https:\/\//);
      expect(source.asOf).toMatch(/^(v\d|read \d{4}-\d\d-\d\d$|[0-9a-f]{12}$)/);
    }
  });
});

import type { Attributes, DecodedLog, DecodedMetric, DecodedSpan } from '@app/otlp';

/** What was received, to be changed by a mutation. */
export interface Capture {
  spans: DecodedSpan[];
  metrics: DecodedMetric[];
  logs: DecodedLog[];
}

const RESOURCE = { 'service.name': 'shop', 'service.version': '1.2.3' };
const START = 1_790_000_000_000_000_000n;
const MS = 1_000_000n;

const STATEMENT: Attributes = {
  'db.system': 'postgresql',
  'db.system.name': 'postgresql',
  'db.name': 'customers',
  'db.namespace': 'customers',
  'db.operation': 'SELECT',
  'db.operation.name': 'SELECT',
  'db.statement': 'SELECT id, name FROM users WHERE id = $1',
  'db.query.text': 'SELECT id, name FROM users WHERE id = $1',
  'db.sql.table': 'users',
  'db.collection.name': 'users',
  'db.query.summary': 'SELECT users',
  'db.response.returned_rows': 1,
  'db.connection_string': 'postgresql://db.example.org:5432',
  'net.peer.name': 'db.example.org',
  'net.peer.port': 5432,
  'server.address': 'db.example.org',
  'server.port': 5432,
  'network.peer.address': '192.0.2.1',
};

const REQUEST: Attributes = {
  'http.request.method': 'GET',
  'http.method': 'GET',
  'http.route': '/users/:id',
  'url.path': '/users/5',
  'url.scheme': 'http',
  'http.response.status_code': 200,
  'http.status_code': 200,
};

let ids = 0;

export function span(name: string, kind: DecodedSpan['kind'], more: Partial<DecodedSpan> = {}): DecodedSpan {
  ids += 1;
  return {
    ...{ name, kind, service: 'shop', resource: { ...RESOURCE }, scope: 'shop-instrumentation' },
    ...{ traceId: 'a'.repeat(32), spanId: ids.toString(16).padStart(16, '0'), parentSpanId: '' },
    ...{ startUnixNano: START, endUnixNano: START + 5n * MS, durationMs: 5 },
    ...{ status: 'UNSET', statusMessage: '', attributes: {}, events: [] },
    ...more,
  };
}

const below = (parent: DecodedSpan) => ({ traceId: parent.traceId, parentSpanId: parent.spanId });

/** A request of a service, from the caller to the database, as every reader wants it, and one that failed. */
export function goodCapture(): Capture {
  const call = span('GET', 'CLIENT', {
    attributes: {
      ...{
        'http.request.method': 'GET',
        'url.full': 'http://shop:8080/users/5',
        'http.response.status_code': 200,
      },
      ...{ 'server.address': 'shop', 'server.port': 8080 },
    },
    service: 'front',
    resource: { 'service.name': 'front', 'service.version': '1' },
    endUnixNano: START + 10n * MS,
  });
  const request = span('GET /users/:id', 'SERVER', { ...below(call), attributes: { ...REQUEST } });
  const wait = span('pool.acquire', 'INTERNAL', {
    ...below(request),
    attributes: { 'db.client.connection.pool.name': 'customers' },
  });
  const statement = span('SELECT users', 'CLIENT', { ...below(request), attributes: { ...STATEMENT } });
  const begin = span('BEGIN', 'CLIENT', {
    ...below(request),
    ...{ startUnixNano: START + 6n * MS, endUnixNano: START + 7n * MS },
    attributes: {
      ...STATEMENT,
      ...{ 'db.operation': 'BEGIN', 'db.operation.name': 'BEGIN', 'db.query.summary': 'BEGIN' },
      ...{ 'db.statement': 'BEGIN', 'db.query.text': 'BEGIN' },
    },
  });
  for (const name of ['db.sql.table', 'db.collection.name']) delete begin.attributes[name];
  const failing = span('GET /users/:id', 'SERVER', {
    traceId: 'b'.repeat(32),
    status: 'ERROR',
    attributes: {
      ...REQUEST,
      'http.response.status_code': 503,
      'http.status_code': 503,
      'error.type': '503',
    },
  });
  const refused = span('SELECT users', 'CLIENT', {
    ...below(failing),
    status: 'ERROR',
    attributes: { ...STATEMENT, 'error.type': '57014', 'db.response.status_code': '57014' },
  });
  const missing = span('GET /users/:id', 'SERVER', {
    traceId: 'c'.repeat(32),
    attributes: { ...REQUEST, 'http.response.status_code': 404, 'http.status_code': 404 },
  });
  return {
    spans: [call, request, wait, statement, begin, failing, refused, missing],
    metrics: [...poolMetrics(), ...durations()],
    logs: [
      log({ severityNumber: 9, severityText: 'INFO', traceId: '', spanId: '' }),
      log({ attributes: { 'exception.type': 'Timeout', 'exception.message': 'no connection' } }),
    ],
  };
}

const POOL = { 'db.client.connection.pool.name': 'customers' };

function poolMetrics(): DecodedMetric[] {
  return [
    metric('db.client.connection.count', '{connection}', {
      ...{ type: 'sum', monotonic: false, temporality: 'CUMULATIVE', value: 3 },
      attributes: { ...POOL, 'db.client.connection.state': 'used' },
    }),
    metric('db.client.connection.limit', '{connection}', {
      ...{ type: 'sum', monotonic: false, temporality: 'CUMULATIVE', value: 10, attributes: POOL },
    }),
    metric('db.client.connection.timeouts', '{timeout}', {
      ...{ type: 'sum', monotonic: true, temporality: 'DELTA', value: 0, attributes: POOL },
    }),
  ];
}

function durations(): DecodedMetric[] {
  const histogram = {
    ...({ type: 'histogram', temporality: 'CUMULATIVE', count: 1, sum: 2.9 } as const),
    ...{ explicitBounds: [0.1, 1, 2, 2.5, 3, 5], bucketCounts: [0, 0, 0, 0, 1, 0, 0] },
  };
  return [
    metric('db.client.operation.duration', 's', {
      ...histogram,
      attributes: { 'db.system.name': 'postgresql' },
    }),
    metric('http.server.request.duration', 's', {
      ...histogram,
      attributes: { 'http.request.method': 'GET', 'url.scheme': 'http', 'http.route': '/users/:id' },
    }),
  ];
}

export function metric(name: string, unit: string, more: Partial<DecodedMetric>): DecodedMetric {
  return {
    ...{ name, unit, service: 'shop', resource: { ...RESOURCE }, scope: 'shop', timeUnixNano: START },
    ...{ type: 'gauge', attributes: {} },
    ...more,
  };
}

export function log(more: Partial<DecodedLog>): DecodedLog {
  return {
    ...{ service: 'shop', resource: { ...RESOURCE }, scope: 'shop', timeUnixNano: START, eventName: '' },
    ...{ severityNumber: 17, severityText: 'ERROR', body: 'it failed', attributes: {} },
    ...{ traceId: 'b'.repeat(32), spanId: 'b'.repeat(16) },
    ...more,
  };
}

/** Whose pages read an attribute. */
export type Backend =
  | 'coralogix-catalog'
  | 'coralogix-span-metrics'
  | 'coralogix-apm'
  | 'datadog'
  | 'new-relic'
  | 'elastic'
  | 'signoz'
  | 'dynatrace'
  | 'jaeger'
  | 'opentelemetry';

/** Which of our spans carries it: that of a statement, of a wait for a connection, of a request. */
export type Carrier = 'statement' | 'wait' | 'request';

/** When it is there. */
export type Presence =
  | 'always'
  | 'table' // when the statement acts on a table, so not on BEGIN and COMMIT
  | 'answer' // when PostgreSQL answered with rows, be it none
  | 'executed' // when the statement got a connection
  | 'failure' // when the span's status is ERROR
  | 'sqlstate' // when PostgreSQL itself refused
  | 'route' // when the request met a route
  | 'slow-queries'; // while that fault is on

interface AttributeDefinition {
  type: 'string' | 'number' | 'boolean';
  on: Carrier | 'every';
  present: Presence;
  example: string | number | boolean;
  /** What it says, with its unit. */
  brief: string;
  /** Those who need it to show what they show; empty when it is for people. */
  neededBy: readonly Backend[];
}

/**
 * Every attribute of every span, once. The types of the code, the table in the documentation and the rules of
 * `npm run conformance` come from here. Backends read different generations of names, so most facts have two.
 */
export const ATTRIBUTES = {
  'db.system': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'postgresql',
    brief: 'Kind of database; what makes a span a database span for most backends',
    neededBy: [
      'coralogix-catalog',
      'coralogix-span-metrics',
      'coralogix-apm',
      'datadog',
      'new-relic',
      'elastic',
      'signoz',
    ],
  },
  'db.system.name': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'postgresql',
    brief: 'Kind of database',
    neededBy: ['dynatrace', 'opentelemetry'],
  },
  'db.name': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'productcatalog',
    brief: 'Database',
    neededBy: ['coralogix-catalog', 'elastic'],
  },
  'db.namespace': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'productcatalog',
    brief: 'Database',
    neededBy: ['coralogix-span-metrics', 'coralogix-apm', 'dynatrace', 'opentelemetry'],
  },
  'db.operation': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'SELECT',
    brief: 'Operation, declared beside the SQL',
    neededBy: ['coralogix-catalog', 'new-relic'],
  },
  'db.operation.name': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'SELECT',
    brief: 'Operation, declared beside the SQL',
    neededBy: ['coralogix-span-metrics', 'coralogix-apm', 'dynatrace', 'opentelemetry'],
  },
  'db.statement': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'SELECT id, name FROM products WHERE id = $1',
    brief: 'SQL as sent, with $1 in place of values',
    neededBy: ['coralogix-catalog', 'datadog', 'elastic'],
  },
  'db.query.text': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'SELECT id, name FROM products WHERE id = $1',
    brief: 'SQL as sent, with $1 in place of values',
    neededBy: ['dynatrace', 'opentelemetry'],
  },
  'db.sql.table': {
    type: 'string',
    on: 'statement',
    present: 'table',
    example: 'products',
    brief: 'Main table, declared beside the SQL',
    neededBy: ['new-relic'],
  },
  'db.collection.name': {
    type: 'string',
    on: 'statement',
    present: 'table',
    example: 'products',
    brief: 'Main table, declared beside the SQL',
    neededBy: ['coralogix-span-metrics', 'coralogix-apm', 'opentelemetry'],
  },
  'db.query.summary': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'SELECT orders products',
    brief: 'Operation and all tables',
    neededBy: ['opentelemetry'],
  },
  'net.peer.name': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'postgres',
    brief: 'Host of the database',
    neededBy: ['coralogix-catalog', 'elastic'],
  },
  'net.peer.port': {
    type: 'number',
    on: 'statement',
    present: 'always',
    example: 5432,
    brief: 'Port of the database',
    neededBy: ['elastic'],
  },
  'server.address': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'postgres',
    brief: 'Host of the database',
    neededBy: ['dynatrace', 'opentelemetry'],
  },
  'server.port': {
    type: 'number',
    on: 'statement',
    present: 'always',
    example: 5432,
    brief: 'Port of the database',
    neededBy: ['opentelemetry'],
  },
  'db.user': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'dbadmin',
    brief: 'Role of the connection',
    neededBy: [],
  },
  'db.query.duration_ms': {
    type: 'number',
    on: 'statement',
    present: 'executed',
    example: 8.5,
    brief: 'Milliseconds from sending the statement to its answer',
    neededBy: [],
  },
  'db.rows_returned': {
    type: 'number',
    on: 'statement',
    present: 'answer',
    example: 1,
    brief: 'Rows returned',
    neededBy: [],
  },
  'db.response.returned_rows': {
    type: 'number',
    on: 'statement',
    present: 'answer',
    example: 1,
    brief: 'Rows returned',
    neededBy: ['opentelemetry'],
  },
  'db.connection_pool.active': {
    type: 'number',
    on: 'statement',
    present: 'always',
    example: 3,
    brief: 'Connections of the shared budget that PostgreSQL counted, of all services, at most 250 ms before',
    neededBy: [],
  },
  'db.connection_pool.max': {
    type: 'number',
    on: 'statement',
    present: 'always',
    example: 100,
    brief: 'Connections that PostgreSQL allows the role',
    neededBy: [],
  },
  'db.connection_pool.utilization_percent': {
    type: 'number',
    on: 'statement',
    present: 'always',
    example: 3,
    brief: 'The first as a percentage of the second',
    neededBy: [],
  },
  'db.response.status_code': {
    type: 'string',
    on: 'statement',
    present: 'sqlstate',
    example: '57014',
    brief: 'SQLSTATE',
    neededBy: ['opentelemetry'],
  },
  'error.type': {
    type: 'string',
    on: 'every',
    present: 'failure',
    example: 'pool_timeout',
    brief: 'SQLSTATE, pool_timeout, queue_full, unreachable, caller_gone, connection_lost or an HTTP status',
    neededBy: ['opentelemetry'],
  },
  'db.simulation.slow_query_enabled': {
    type: 'boolean',
    on: 'statement',
    present: 'slow-queries',
    example: true,
    brief: 'The slow-query fault is on',
    neededBy: [],
  },
  'db.simulation.delay_ms': {
    type: 'number',
    on: 'statement',
    present: 'slow-queries',
    example: 2900,
    brief: 'Milliseconds that the fault adds',
    neededBy: [],
  },
  'db.client.connection.pool.name': {
    type: 'string',
    on: 'wait',
    present: 'always',
    example: 'dbadmin@postgres:5432/productcatalog',
    brief: 'The pool waited for; a wait has no db.system, else it would be counted as a query',
    neededBy: [],
  },
  'http.request.method': {
    type: 'string',
    on: 'request',
    present: 'always',
    example: 'GET',
    brief: 'Method',
    neededBy: ['opentelemetry'],
  },
  'http.method': {
    type: 'string',
    on: 'request',
    present: 'always',
    example: 'GET',
    brief: 'Method',
    neededBy: ['coralogix-span-metrics'],
  },
  'http.route': {
    type: 'string',
    on: 'request',
    present: 'route',
    example: '/inventory/check/:product_id',
    brief: 'Route, with the names of its parameters',
    neededBy: ['opentelemetry'],
  },
  'url.path': {
    type: 'string',
    on: 'request',
    present: 'route',
    example: '/inventory/check/:product_id',
    brief: 'The route again: the path itself would carry ids of somebody’s data',
    neededBy: ['opentelemetry'],
  },
  'url.scheme': {
    type: 'string',
    on: 'request',
    present: 'always',
    example: 'http',
    brief: 'Scheme',
    neededBy: ['opentelemetry'],
  },
  'network.protocol.version': {
    type: 'string',
    on: 'request',
    present: 'always',
    example: '1.1',
    brief: 'Version of HTTP',
    neededBy: [],
  },
  'http.response.status_code': {
    type: 'number',
    on: 'request',
    present: 'always',
    example: 200,
    brief: 'Status of the answer',
    neededBy: ['coralogix-span-metrics', 'opentelemetry'],
  },
  'http.status_code': {
    type: 'number',
    on: 'request',
    present: 'always',
    example: 200,
    brief: 'Status of the answer',
    neededBy: [],
  },
} as const satisfies Record<string, AttributeDefinition>;

type AttributeName = keyof typeof ATTRIBUTES;

interface ValueOf {
  string: string;
  number: number;
  boolean: boolean;
}

/** Attributes of a span of ours: only declared names, each with its declared type. */
export type SpanAttributes = { [Name in AttributeName]?: ValueOf[(typeof ATTRIBUTES)[Name]['type']] };

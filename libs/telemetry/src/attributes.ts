/** Which of our spans has it: that of a statement, of a wait for a connection, or of a request. */
export type Carrier = 'statement' | 'wait' | 'request';

/** When a span has it. */
export type Presence =
  | 'always'
  | 'table' // when the statement acts on a table, so not on BEGIN and COMMIT
  | 'answer' // when PostgreSQL answered, even without rows
  | 'executed' // when the statement got a connection
  | 'failure' // when the span's status is ERROR
  | 'sqlstate' // when PostgreSQL itself refused the statement
  | 'route' // when a route matched the request
  | 'answered' // unless the caller disconnected before the answer
  | 'unknown-method' // when the conventions do not know the method
  | 'delayed'; // while a fault makes statements slow

interface AttributeDefinition {
  type: 'string' | 'number' | 'boolean';
  on: Carrier | 'every';
  present: Presence;
  example: string | number | boolean;
  /** What it says, with its unit. */
  brief: string;
}

/**
 * Every attribute of every span, once. The types of the code and the table in the documentation come from here.
 * Backends read different generations of names, so most facts have two; the rules of conformance say which backend
 * reads which.
 */
export const ATTRIBUTES = {
  'db.system': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'postgresql',
    brief: 'Kind of database; what makes a span a database span for most backends',
  },
  'db.system.name': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'postgresql',
    brief: 'Kind of database',
  },
  'db.name': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'productcatalog',
    brief: 'Database',
  },
  'db.namespace': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'productcatalog',
    brief: 'Database',
  },
  'db.operation': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'SELECT',
    brief: 'Operation, declared beside the SQL',
  },
  'db.operation.name': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'SELECT',
    brief: 'Operation, declared beside the SQL',
  },
  'db.statement': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'SELECT id, name FROM products WHERE id = $1',
    brief: 'SQL as sent, with $1 in place of values',
  },
  'db.query.text': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'SELECT id, name FROM products WHERE id = $1',
    brief: 'SQL as sent, with $1 in place of values',
  },
  'db.sql.table': {
    type: 'string',
    on: 'statement',
    present: 'table',
    example: 'products',
    brief: 'Main table, declared beside the SQL',
  },
  'db.collection.name': {
    type: 'string',
    on: 'statement',
    present: 'table',
    example: 'products',
    brief: 'Main table, declared beside the SQL',
  },
  'db.query.summary': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'SELECT orders products',
    brief: 'Operation and all tables',
  },
  'net.peer.name': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'postgres',
    brief: 'Host of the database',
  },
  'net.peer.port': {
    type: 'number',
    on: 'statement',
    present: 'always',
    example: 5432,
    brief: 'Port of the database',
  },
  'server.address': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'postgres',
    brief: 'Host of the database',
  },
  'server.port': {
    type: 'number',
    on: 'statement',
    present: 'always',
    example: 5432,
    brief: 'Port of the database',
  },
  'db.user': {
    type: 'string',
    on: 'statement',
    present: 'always',
    example: 'dbadmin',
    brief: 'Role of the connection',
  },
  'postgresql.pid': {
    type: 'number',
    on: 'statement',
    present: 'executed',
    example: 4242,
    brief: 'Process id of the session in PostgreSQL: `pid` of pg_stat_activity',
  },
  'db.query.duration_ms': {
    type: 'number',
    on: 'statement',
    present: 'executed',
    example: 8.5,
    brief: 'Milliseconds from sending the statement to its answer',
  },
  'db.rows_returned': {
    type: 'number',
    on: 'statement',
    present: 'answer',
    example: 1,
    brief: 'Rows returned',
  },
  'db.response.returned_rows': {
    type: 'number',
    on: 'statement',
    present: 'answer',
    example: 1,
    brief: 'Rows returned',
  },
  'db.connection_pool.active': {
    type: 'number',
    on: 'statement',
    present: 'always',
    example: 3,
    brief:
      'Connections of the shared budget that PostgreSQL counted, of all services, at most half a second before',
  },
  'db.connection_pool.max': {
    type: 'number',
    on: 'statement',
    present: 'always',
    example: 100,
    brief: 'Connections that PostgreSQL allows the role',
  },
  'db.connection_pool.utilization_percent': {
    type: 'number',
    on: 'statement',
    present: 'always',
    example: 3,
    brief: 'The first as a percentage of the second',
  },
  'db.response.status_code': {
    type: 'string',
    on: 'statement',
    present: 'sqlstate',
    example: '57014',
    brief: 'SQLSTATE',
  },
  'error.type': {
    type: 'string',
    on: 'every',
    present: 'failure',
    example: 'pool_timeout',
    brief: 'SQLSTATE, a cause of docs/failures.md, or an HTTP status',
  },
  'db.simulation.slow_query_enabled': {
    type: 'boolean',
    on: 'statement',
    present: 'delayed',
    example: true,
    brief: 'The slow-query fault is on',
  },
  'db.simulation.delay_ms': {
    type: 'number',
    on: 'statement',
    present: 'delayed',
    example: 2900,
    brief: 'Milliseconds that the fault adds',
  },
  'db.client.connection.pool.name': {
    type: 'string',
    on: 'wait',
    present: 'always',
    example: 'dbadmin@postgres:5432/productcatalog',
    brief: 'The pool waited for; a wait has no db.system, else it would be counted as a query',
  },
  'http.request.method': {
    type: 'string',
    on: 'request',
    present: 'always',
    example: 'GET',
    brief: 'Method',
  },
  'http.request.method_original': {
    type: 'string',
    on: 'request',
    present: 'unknown-method',
    example: 'PROPFIND',
    brief: 'Method as it was sent, where http.request.method is _OTHER',
  },
  'http.method': {
    type: 'string',
    on: 'request',
    present: 'always',
    example: 'GET',
    brief: 'Method',
  },
  'http.route': {
    type: 'string',
    on: 'request',
    present: 'route',
    example: '/inventory/check/:product_id',
    brief: 'Route, with the names of its parameters',
  },
  'url.path': {
    type: 'string',
    on: 'request',
    present: 'route',
    example: '/inventory/check/5',
    brief: 'Path; a parameter that is no whole number is REDACTED',
  },
  'url.scheme': {
    type: 'string',
    on: 'request',
    present: 'always',
    example: 'http',
    brief: 'Scheme',
  },
  'network.protocol.version': {
    type: 'string',
    on: 'request',
    present: 'always',
    example: '1.1',
    brief: 'Version of HTTP',
  },
  'http.response.status_code': {
    type: 'number',
    on: 'request',
    present: 'answered',
    example: 200,
    brief: 'Status of the answer',
  },
  'http.status_code': {
    type: 'number',
    on: 'request',
    present: 'answered',
    example: 200,
    brief: 'Status of the answer',
  },
} as const satisfies Record<string, AttributeDefinition>;

type AttributeName = keyof typeof ATTRIBUTES;

interface ValueOf {
  string: string;
  number: number;
  boolean: boolean;
}

/** Attributes of one of our spans: only declared names, each with its declared type. */
export type SpanAttributes = { [Name in AttributeName]?: ValueOf[(typeof ATTRIBUTES)[Name]['type']] };

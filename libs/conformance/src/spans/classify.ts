import type { Attributes, DecodedSpan } from '@app/otlp';

/**
 * Names that instrumentations give to acquiring a connection: pg and pg-pool, our own, JDBC data sources, Python's
 * drivers, .NET's and Go's.
 */
const GETS_A_CONNECTION =
  /^(pg(-pool)?\.connect|pool\.acquire|(sql\.)?(connector\.connect|conn\.reset_session)|connect|[\w.]*\.?getConnection|open|(acquire|wait for) (a )?connection)$/i;

export const system = ({ attributes }: DecodedSpan) =>
  attributes['db.system.name'] ?? attributes['db.system'];

/** The text of the statement, under its current name or its old one. */
export const queryText = ({ attributes }: DecodedSpan) =>
  attributes['db.query.text'] ?? attributes['db.statement'];

const speaksOfStatement = ({ attributes }: DecodedSpan) =>
  ['db.query.text', 'db.statement', 'db.query.summary', 'db.operation.name', 'db.operation'].some(
    (name) => attributes[name] !== undefined,
  );

/** Opens a connection or waits for one; this is not a statement, whatever attributes it has. */
export function getsConnection(span: DecodedSpan): boolean {
  if (speaksOfStatement(span)) return false;
  return GETS_A_CONNECTION.test(span.name) || /(^|[ .])(pool|connection)\.?acquire$/i.test(span.name);
}

/** A database call, in any generation of names. */
export function isStatement(span: DecodedSpan): boolean {
  return (system(span) !== undefined || queryText(span) !== undefined) && !getsConnection(span);
}

/** Products whose statements are not SQL. */
const NOT_SQL =
  /redis|memcached|mongo|cassandra|elasticsearch|opensearch|dynamo|cosmos|neo4j|couch|hbase|geode|influx/;

export const isSqlStatement = (span: DecodedSpan) => isStatement(span) && !NOT_SQL.test(String(system(span)));

/** A statement that acts on a table, so neither BEGIN nor SELECT 1. */
export function actsOnTable(span: DecodedSpan): boolean {
  if (!isStatement(span)) return false;
  const { attributes } = span;
  const text = String(queryText(span) ?? attributes['db.operation.name'] ?? attributes['db.operation'] ?? '');
  if (/^\s*(insert|update|delete|merge|truncate|copy)\b/i.test(text)) return true;
  return /^\s*(select|with)\b/i.test(text) && (queryText(span) === undefined || /\bfrom\s+["\w]/i.test(text));
}

/** A statement under the names that are stable today. */
export const isCurrentStatement = (span: DecodedSpan) =>
  isStatement(span) && span.attributes['db.system.name'] !== undefined;

/** A request that came in over HTTP. */
export const isRequest = (span: DecodedSpan) =>
  span.kind === 'SERVER' && httpMethod(span.attributes) !== undefined;

export const httpMethod = (attributes: Attributes) =>
  attributes['http.request.method'] ?? attributes['http.method'];

export function httpStatus({ attributes }: DecodedSpan): number | undefined {
  const status = attributes['http.response.status_code'] ?? attributes['http.status_code'];
  return status === undefined ? undefined : Number(status);
}

/** Work that a caller requested from a service. */
export const isEntry = ({ kind }: DecodedSpan) => kind === 'SERVER' || kind === 'CONSUMER';

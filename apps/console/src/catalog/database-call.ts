import type { DecodedSpan } from '@app/otlp';

/** What a database span says of its statement: the dimensions of the catalog. */
export interface DatabaseCall {
  database: string;
  system: string;
  service: string;
  operation: string;
  table: string;
  /** With its placeholders. */
  statement: string;
}

/** Undefined for any span but a CLIENT span with `db.system`: those, and no others, are queries. */
export function databaseCall({ kind, service, attributes }: DecodedSpan): DatabaseCall | undefined {
  const text = (old: string, stable: string) => String(attributes[old] ?? attributes[stable] ?? '');
  if (kind !== 'CLIENT' || attributes['db.system'] === undefined) return undefined;
  return {
    database: text('db.name', 'db.namespace'),
    system: text('db.system', 'db.system.name'),
    service,
    operation: text('db.operation', 'db.operation.name'),
    table: text('db.sql.table', 'db.collection.name'),
    statement: text('db.statement', 'db.query.text'),
  };
}

/** Of all executions of one statement by one service. */
export function callKey(call: DatabaseCall): string {
  const { database, system, service, operation, table, statement } = call;
  return [database, system, service, operation, table, statement].join('\n');
}

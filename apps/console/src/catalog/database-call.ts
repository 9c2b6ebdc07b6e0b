import type { AttributeValue, DecodedSpan } from '@app/otlp';

/** What a database span says about its statement: the dimensions of the catalog. */
export interface DatabaseCall {
  database: string;
  system: string;
  service: string;
  operation: string;
  table: string;
  /** With its placeholders; cut if it is very long. */
  statement: string;
  /** It has `db.system.name` and no `db.system`: database pages that read the old name do not show it. */
  newNamesOnly: boolean;
}

/** Characters of a statement, and of any other dimension; the catalog keeps each for a quarter of an hour. */
const LONGEST_STATEMENT = 10_000;
const LONGEST_NAME = 255;

/** Undefined unless it is a CLIENT span with `db.system` or its new name: those, and no others, are queries. */
export function databaseCall({ kind, service, attributes }: DecodedSpan): DatabaseCall | undefined {
  if (kind !== 'CLIENT' || (attributes['db.system'] ?? attributes['db.system.name']) === undefined)
    return undefined;
  const name = (old: string, stable: string) => cut(attributes[old] ?? attributes[stable], LONGEST_NAME);
  return {
    database: name('db.name', 'db.namespace'),
    system: name('db.system', 'db.system.name'),
    service: cut(service, LONGEST_NAME),
    operation: name('db.operation', 'db.operation.name'),
    table: name('db.sql.table', 'db.collection.name'),
    statement: cut(attributes['db.statement'] ?? attributes['db.query.text'], LONGEST_STATEMENT),
    newNamesOnly: attributes['db.system'] === undefined,
  };
}

function cut(value: AttributeValue = '', longest: number): string {
  const text = String(value);
  // A substring would keep the whole text in memory, so this is a copy.
  return text.length <= longest ? text : Buffer.from(text.slice(0, longest)).toString();
}

/** The key of all executions of one statement by one service. */
export function callKey(call: DatabaseCall): string {
  const { database, system, service, operation, table, statement, newNamesOnly } = call;
  return [database, system, service, operation, table, statement, newNamesOnly].join('\n');
}

/** `error.type` of statements that never reached a database: the time of their spans is a wait. */
const NEVER_RAN = new Set<AttributeValue>(['pool_timeout', 'queue_full', 'unreachable', 'caller_gone']);

export function ranInDatabase({ attributes }: DecodedSpan): boolean {
  return !NEVER_RAN.has(attributes['error.type'] ?? '');
}

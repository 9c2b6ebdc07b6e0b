import { createHash } from 'node:crypto';

/** The operation of a statement, as a database view lists it (`db.operation.name`). */
type Operation = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'BEGIN' | 'COMMIT' | 'ROLLBACK';

/** Possible values of $1, $2, …; undefined is NULL. */
export type Value = string | number | boolean | null | undefined;

/**
 * One SQL statement with what telemetry reports about it. Operation and table are declared here, beside the SQL, and
 * never parsed from it. `Values` are the types of $1, $2, …; `Row` is what one row holds, under SQL's names.
 */
export interface Statement<_Row, _Values extends readonly Value[]> {
  readonly operation: Operation;
  /** The table it acts on first (`db.collection.name`); undefined for transaction control. */
  readonly table?: string;
  /** Operation and all tables, at most 255 characters (`db.query.summary`). */
  readonly summary: string;
  readonly text: string;
  /** Name under which each connection prepares it once; undefined if it is not prepared. */
  readonly preparedAs?: string;
}

/** @param tables the main table, followed by each other table that the statement reads */
export function select<Row, Values extends readonly Value[] = []>(tables: string, text: string) {
  return statement<Row, Values>('SELECT', tables, text);
}

export function insert<Row, Values extends readonly Value[] = []>(tables: string, text: string) {
  return statement<Row, Values>('INSERT', tables, text);
}

export function update<Row, Values extends readonly Value[] = []>(tables: string, text: string) {
  return statement<Row, Values>('UPDATE', tables, text);
}

/** BEGIN, COMMIT and ROLLBACK: they are statements like any other, with a span of their own. */
export function transactionControl(operation: 'BEGIN' | 'COMMIT' | 'ROLLBACK'): Statement<never, []> {
  return { operation, summary: operation, text: operation };
}

function statement<Row, Values extends readonly Value[]>(
  operation: Operation,
  tables: string,
  text: string,
): Statement<Row, Values> {
  const oneLine = text.trim().replace(/\s+/g, ' ');
  return {
    operation,
    table: tables.split(' ')[0],
    summary: `${operation} ${tables}`,
    text: oneLine,
    preparedAs: createHash('sha256').update(oneLine).digest('hex').slice(0, 16),
  };
}

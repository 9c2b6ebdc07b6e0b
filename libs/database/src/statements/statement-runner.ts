import type { Statement, Value } from './statement';

/** Runs statements: `Database` runs each on its own, a transaction runs all on its one connection. */
export abstract class StatementRunner {
  /** All rows. */
  abstract rows<Row extends object, Values extends readonly Value[]>(
    statement: Statement<Row, Values>,
    ...values: Values
  ): Promise<Row[]>;

  /** The first row; undefined when there is none. */
  async first<Row extends object, Values extends readonly Value[]>(
    statement: Statement<Row, Values>,
    ...values: Values
  ): Promise<Row | undefined> {
    return (await this.rows(statement, ...values))[0];
  }
}

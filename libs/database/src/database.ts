import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { currentCaller } from './caller';
import { ConnectionFailure } from './connection-failure';
import { ConnectionQueue } from './connection-queue';
import { type Statement, transactionControl, type Value } from './statement';
import { StatementExecutor } from './statement-executor';
import { TracingInterceptor } from './tracing.interceptor';

const BEGIN = transactionControl('BEGIN');
const COMMIT = transactionControl('COMMIT');
const ROLLBACK = transactionControl('ROLLBACK');

/** Runs statements: `Database` each on its own, or all on the connection of one transaction. */
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

/**
 * Where statements go. Each waits its turn for a connection, runs under the conditions in force, in a span, with a
 * timeout, and gives the connection back, whatever happens.
 * @throws ConnectionFailure when no connection could be had; pg's DatabaseError when PostgreSQL refused the statement
 */
@Injectable()
export class Database extends StatementRunner {
  constructor(
    private readonly queue: ConnectionQueue,
    private readonly executor: StatementExecutor,
    private readonly tracing: TracingInterceptor,
  ) {
    super();
  }

  rows<Row extends object, Values extends readonly Value[]>(
    statement: Statement<Row, Values>,
    ...values: Values
  ): Promise<Row[]> {
    return this.withConnection(statement, (client) => this.executor.run<Row>(client, statement, values));
  }

  /** All of `work` in one transaction: committed when it resolves, rolled back when it throws. */
  transaction<Result>(work: (transaction: StatementRunner) => Promise<Result>): Promise<Result> {
    return this.withConnection(BEGIN, async (client) => {
      const transaction = new Transaction(client, this.executor);
      await transaction.rows(BEGIN);
      try {
        const result = await work(transaction);
        await transaction.rows(COMMIT);
        return result;
      } catch (error) {
        if (!this.executor.isBroken(client)) await transaction.rows(ROLLBACK);
        throw error;
      }
    });
  }

  private async withConnection<Result>(
    statement: Statement<object, readonly Value[]>,
    work: (client: PoolClient) => Promise<Result>,
  ): Promise<Result> {
    const caller = currentCaller();
    const client = await this.tracing.waiting(statement, () => this.queue.acquire(caller));
    const abandon = () => client.connection.stream.destroy();
    caller?.onceGone(abandon);
    try {
      await this.executor.prepare(client);
      return await work(client);
    } catch (error) {
      throw caller?.gone ? new ConnectionFailure('caller_gone', 0, error) : error;
    } finally {
      caller?.settled(abandon);
      this.queue.release(client, caller?.gone || this.executor.isBroken(client));
    }
  }
}

class Transaction extends StatementRunner {
  constructor(
    private readonly client: PoolClient,
    private readonly executor: StatementExecutor,
  ) {
    super();
  }

  rows<Row extends object, Values extends readonly Value[]>(
    statement: Statement<Row, Values>,
    ...values: Values
  ): Promise<Row[]> {
    return this.executor.run<Row>(this.client, statement, values);
  }
}

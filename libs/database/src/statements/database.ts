import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { causeOf } from '../failures/cause-of';
import { currentCaller } from '../queue/caller';
import { ConnectionQueue } from '../queue/connection-queue';
import type { PooledConnection } from '../queue/pooled-connection';
import { CallHabits } from './call-habits';
import { type Statement, transactionControl, type Value } from './statement';
import { StatementExecutor } from './statement-executor';
import { StatementRunner } from './statement-runner';
import { TracingInterceptor } from './tracing.interceptor';

const BEGIN = transactionControl('BEGIN');
const COMMIT = transactionControl('COMMIT');
const ROLLBACK = transactionControl('ROLLBACK');

/**
 * Runs all statements. Each one waits its turn for a connection, runs under the conditions in force, in a span, with a
 * timeout, and gives the connection back, whatever happens.
 * @throws ConnectionFailure when no connection could be acquired; StatementFailure when the caller disconnected or the
 * outcome of a change is unknown; pg's DatabaseError when PostgreSQL refused the statement
 */
@Injectable()
export class Database extends StatementRunner {
  constructor(
    private readonly queue: ConnectionQueue,
    private readonly executor: StatementExecutor,
    private readonly tracing: TracingInterceptor,
    private readonly habits: CallHabits,
  ) {
    super();
  }

  rows<Row extends object, Values extends readonly Value[]>(
    statement: Statement<Row, Values>,
    ...values: Values
  ): Promise<Row[]> {
    const { holdOpenMs, afterStatement } = this.habits;
    const rows =
      holdOpenMs === undefined
        ? this.runAlone<Row>(statement, values)
        : this.transaction((transaction) => transaction.rows(statement, ...values));
    if (!afterStatement) return rows;
    return rows.then((found) => afterStatement(statement, found, this).then(() => found));
  }

  private runAlone<Row extends object>(
    statement: Statement<Row, readonly Value[]>,
    values: readonly Value[],
  ): Promise<Row[]> {
    return this.withConnection(statement, (client) =>
      this.executor.run<Row>(client, statement, values, 'alone'),
    );
  }

  /** Runs all of `work` in one transaction, which is committed when it resolves and rolled back when it throws. */
  transaction<Result>(work: (transaction: StatementRunner) => Promise<Result>): Promise<Result> {
    return this.withConnection(BEGIN, (client) =>
      this.attempt(client, work).catch((error) => {
        if (!causeOf(error)?.retriedOnce || client.broken) throw error;
        return this.attempt(client, work);
      }),
    );
  }

  private async attempt<Result>(
    client: PooledConnection,
    work: (transaction: StatementRunner) => Promise<Result>,
  ): Promise<Result> {
    const transaction = new Transaction(client, this.executor);
    await transaction.rows(BEGIN);
    try {
      const result = await work(transaction);
      if (this.habits.holdOpenMs) await setTimeout(this.habits.holdOpenMs);
      await transaction.rows(COMMIT);
      return result;
    } catch (error) {
      // If this fails, its span says so and the session is closed: what the caller must know is the first error.
      if (!client.broken) await transaction.rows(ROLLBACK).catch(() => undefined);
      throw error;
    }
  }

  private async withConnection<Result>(
    statement: Statement<object, readonly Value[]>,
    work: (client: PooledConnection) => Promise<Result>,
  ): Promise<Result> {
    const caller = currentCaller();
    const client = await this.tracing.waiting(statement, () => this.queue.acquire(caller));
    const abandon = () => client.cutOff();
    caller?.onceGone(abandon);
    try {
      await this.executor.prepare(client);
      return await work(client);
    } finally {
      caller?.settled(abandon);
      const broken = caller?.gone || client.broken;
      if (broken || !this.habits.forgets?.(client)) this.queue.release(client, broken);
    }
  }
}

class Transaction extends StatementRunner {
  constructor(
    private readonly client: PooledConnection,
    private readonly executor: StatementExecutor,
  ) {
    super();
  }

  rows<Row extends object, Values extends readonly Value[]>(
    statement: Statement<Row, Values>,
    ...values: Values
  ): Promise<Row[]> {
    return this.executor.run<Row>(this.client, statement, values, 'in transaction');
  }
}

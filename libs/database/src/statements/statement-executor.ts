import { Configuration } from '@app/configuration';
import { Injectable } from '@nestjs/common';
import { breaksConnection, causeOf } from '../failures/cause-of';
import { StatementFailure } from '../failures/statement-failure';
import { currentCaller } from '../queue/caller';
import type { PooledConnection } from '../queue/pooled-connection';
import { PreparedQuery } from './prepared-query';
import { SessionConditions } from './session-conditions';
import { withComment } from './sql-comment';
import type { Statement, Value } from './statement';
import { TracingInterceptor } from './tracing.interceptor';

/**
 * Milliseconds by which this process waits longer than PostgreSQL may take for a statement: PostgreSQL's own limit,
 * which has an SQLSTATE and keeps the session, should come first.
 */
const ANSWER_MARGIN_MS = 250;

/** Whether a statement is a transaction of its own, or part of one that began before. */
export type Scope = 'alone' | 'in transaction';

type AnyStatement = Statement<unknown, readonly Value[]>;

/** Runs a statement on a connection that the caller has acquired. */
@Injectable()
export class StatementExecutor {
  constructor(
    private readonly conditions: SessionConditions,
    private readonly tracing: TracingInterceptor,
    private readonly configuration: Configuration,
  ) {}

  /** To be called once on a connection before its first statement: applies the conditions in force. */
  prepare(client: PooledConnection): Promise<void> | undefined {
    const preparing = this.conditions.prepare(client);
    return preparing?.catch((error) => {
      if (breaksConnection(error)) client.broken = true;
      throw currentCaller()?.gone ? new StatementFailure('caller_gone', error) : error;
    });
  }

  run<Row extends object>(
    client: PooledConnection,
    statement: Statement<Row, readonly Value[]>,
    values: readonly Value[],
    scope: Scope,
  ): Promise<Row[]> {
    return this.tracing.intercept(statement, client.backendPid, (span) => {
      const sent = this.configuration.DB_SQL_COMMENTER
        ? withComment(statement, span.spanContext())
        : statement;
      return this.send<Row>(client, sent, values).catch((error) => {
        const outdated = causeOf(error)?.retriedOnce;
        if (outdated) client.forgetPrepared();
        // A transaction that had a failure accepts nothing more: it must be repeated as a whole.
        if (!outdated || scope !== 'alone') return this.failed(client, error, statement, scope);
        const again = this.send<Row>(client, sent, values);
        return again.catch((error) => this.failed(client, error, statement, scope));
      });
    });
  }

  private send<Row extends object>(
    client: PooledConnection,
    { text, preparedAs }: Statement<Row, readonly Value[]>,
    values: readonly Value[],
  ): Promise<Row[]> {
    const timeoutMs = this.timeoutMs();
    if (preparedAs) return new PreparedQuery<Row>(preparedAs, text, values, timeoutMs).run(client);
    // pg honours it for a single query too, but its types do not know.
    const limited = { text, values: [...values], query_timeout: timeoutMs };
    return client.query<Row>(limited).then(({ rows }) => rows);
  }

  private timeoutMs(): number {
    const addedMs = this.conditions.current?.addedMs ?? 0;
    return this.configuration.DB_STATEMENT_TIMEOUT_MS + addedMs + ANSWER_MARGIN_MS;
  }

  private failed(client: PooledConnection, error: unknown, statement: AnyStatement, scope: Scope): never {
    const failure = known(error, statement, scope);
    if (breaksConnection(failure)) client.broken = true;
    throw failure;
  }
}

/** Adds what is known of a failure here and not in the driver: that nobody waits any more, or that a change was sent. */
function known(error: unknown, { operation }: AnyStatement, scope: Scope): unknown {
  if (currentCaller()?.gone) return new StatementFailure('caller_gone', error);
  const changes =
    scope === 'alone' ? operation !== 'SELECT' && operation !== 'BEGIN' : operation === 'COMMIT';
  return changes && causeOf(error)?.undecided ? new StatementFailure('outcome_unknown', error) : error;
}

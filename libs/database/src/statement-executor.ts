import { Configuration } from '@app/configuration';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { PreparedQuery } from './prepared-query';
import { SessionConditions } from './session-conditions';
import { breaksConnection } from './sqlstate';
import type { Statement, Value } from './statement';
import { TracingInterceptor } from './tracing.interceptor';

/** Runs a statement on a connection that somebody has. */
@Injectable()
export class StatementExecutor {
  private readonly broken = new WeakSet<PoolClient>();

  constructor(
    private readonly conditions: SessionConditions,
    private readonly tracing: TracingInterceptor,
    private readonly configuration: Configuration,
  ) {}

  /** To be called once on a connection before its first statement: brings it under the conditions in force. */
  prepare(client: PoolClient): Promise<void> | undefined {
    const preparing = this.conditions.prepare(client);
    return preparing && this.watched(client, preparing);
  }

  run<Row extends object>(
    client: PoolClient,
    statement: Statement<Row, readonly Value[]>,
    values: readonly Value[],
  ): Promise<Row[]> {
    return this.tracing.intercept(statement, () =>
      this.watched(client, this.send<Row>(client, statement, values)),
    );
  }

  /** Whether a failure left the connection in a state that nobody knows. */
  isBroken(client: PoolClient): boolean {
    return this.broken.has(client);
  }

  private send<Row extends object>(
    client: PoolClient,
    { text, preparedAs }: Statement<Row, readonly Value[]>,
    values: readonly Value[],
  ): Promise<Row[]> {
    const timeoutMs = this.timeoutMs();
    if (preparedAs) return new PreparedQuery<Row>(preparedAs, text, values, timeoutMs).run(client);
    // pg honours it for a single query too, its types do not know.
    const limited = { text, query_timeout: timeoutMs };
    return client.query<Row>(limited).then(({ rows }) => rows);
  }

  private timeoutMs(): number {
    return this.configuration.DB_STATEMENT_TIMEOUT_MS + (this.conditions.current?.addedMs ?? 0);
  }

  private watched<Answer>(client: PoolClient, work: Promise<Answer>): Promise<Answer> {
    return work.catch((error) => {
      if (breaksConnection(error)) this.broken.add(client);
      throw error;
    });
  }
}

import { Configuration } from '@app/configuration';
import { Injectable } from '@nestjs/common';
import type { PoolClient, QueryConfig } from 'pg';
import { SessionConditions } from './session-conditions';
import { breaksConnection } from './sqlstate';
import type { Statement } from './statement';
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
  async prepare(client: PoolClient): Promise<void> {
    await this.watched(client, this.conditions.prepare(client));
  }

  async run<Row extends object>(
    client: PoolClient,
    statement: Statement<Row, readonly unknown[]>,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const query: QueryConfig = { text: statement.text, values: [...values], name: statement.preparedAs };
    // pg honours it for a single query too, its types do not know.
    const limited = { ...query, query_timeout: this.timeoutMs() };
    const run = () => this.watched(client, client.query<Row>(limited));
    return (await this.tracing.intercept(statement, run)).rows;
  }

  /** Whether a failure left the connection in a state that nobody knows. */
  isBroken(client: PoolClient): boolean {
    return this.broken.has(client);
  }

  private timeoutMs(): number {
    return this.configuration.DB_STATEMENT_TIMEOUT_MS + (this.conditions.current?.addedMs ?? 0);
  }

  private async watched<Answer>(client: PoolClient, work: Promise<Answer>): Promise<Answer> {
    try {
      return await work;
    } catch (error) {
      if (breaksConnection(error)) this.broken.add(client);
      throw error;
    }
  }
}

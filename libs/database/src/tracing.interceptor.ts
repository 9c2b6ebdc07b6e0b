import { Configuration } from '@app/configuration';
import { inSpan } from '@app/telemetry';
import { Injectable } from '@nestjs/common';
import { type Attributes, type Span, SpanKind } from '@opentelemetry/api';
import { ConnectionFailure } from './connection-failure';
import { SessionConditions } from './session-conditions';
import { SharedBudget } from './shared-budget';
import { sqlstate } from './sqlstate';
import type { Statement } from './statement';

type AnyStatement = Statement<unknown, readonly unknown[]>;

/** Stands between every statement and its execution: one CLIENT span each, with what database views read. */
@Injectable()
export class TracingInterceptor {
  private readonly identities = new WeakMap<AnyStatement, Attributes>();

  constructor(
    private readonly budget: SharedBudget,
    private readonly conditions: SessionConditions,
    private readonly configuration: Configuration,
  ) {}

  /** Runs the statement inside its span. `run` answers with the number of rows it returned. */
  async intercept<Answer extends { rows: unknown[] }>(
    statement: AnyStatement,
    run: () => Promise<Answer>,
  ): Promise<Answer> {
    return this.inStatementSpan(statement, async (span) => {
      const started = performance.now();
      try {
        const answer = await run();
        span.setAttributes({
          'db.rows_returned': answer.rows.length,
          'db.response.returned_rows': answer.rows.length,
        });
        return answer;
      } catch (error) {
        const code = sqlstate(error);
        if (code) span.setAttribute('db.response.status_code', code);
        span.setAttribute('error.type', code ?? 'connection_lost');
        throw error;
      } finally {
        span.setAttribute('db.query.duration_ms', rounded(performance.now() - started));
      }
    });
  }

  /** The failed span of a statement that got no connection: without it an outage would look like silence. */
  async notRun(statement: AnyStatement, failure: unknown): Promise<never> {
    return this.inStatementSpan(statement, (span) => {
      const reason =
        failure instanceof ConnectionFailure ? failure.reason : (sqlstate(failure) ?? 'unreachable');
      span.setAttribute('error.type', reason);
      throw failure;
    });
  }

  private inStatementSpan<T>(statement: AnyStatement, work: (span: Span) => Promise<T>): Promise<T> {
    const attributes = {
      ...this.identity(statement),
      ...this.poolFigures(),
      ...this.conditions.current?.attributes,
    };
    return inSpan(this.spanName(statement), { kind: SpanKind.CLIENT, attributes }, work);
  }

  private spanName({ operation, table }: AnyStatement): string {
    return table
      ? `${operation} ${this.configuration.DB_NAME}.${table}`
      : `${operation} ${this.configuration.DB_NAME}`;
  }

  /** What never changes for a statement, made once. Given when the span starts, so that samplers see it. */
  private identity(statement: AnyStatement): Attributes {
    let identity = this.identities.get(statement);
    if (!identity) {
      const { DB_NAME, DB_HOST, DB_PORT, DB_USER } = this.configuration;
      identity = {
        'db.system': 'postgresql',
        'db.system.name': 'postgresql',
        'db.name': DB_NAME,
        'db.namespace': DB_NAME,
        'db.operation': statement.operation,
        'db.operation.name': statement.operation,
        'db.statement': statement.text,
        'db.query.text': statement.text,
        'db.query.summary': statement.summary,
        'net.peer.name': DB_HOST,
        'net.peer.port': DB_PORT,
        'server.address': DB_HOST,
        'server.port': DB_PORT,
        'db.user': DB_USER,
        ...(statement.table && { 'db.sql.table': statement.table, 'db.collection.name': statement.table }),
      };
      this.identities.set(statement, identity);
    }
    return identity;
  }

  /** The shared budget, of all services, as of the latest look; left out before there was one. */
  private poolFigures(): Attributes {
    const { view } = this.budget;
    if (!view) return {};
    return {
      'db.connection_pool.active': view.active_connections,
      'db.connection_pool.max': view.max_connections,
      'db.connection_pool.utilization_percent': view.utilization_percent,
    };
  }
}

/** Milliseconds to a thousandth. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

import { Configuration } from '@app/configuration';
import { inSpan, type SpanAttributes, type TracedSpan } from '@app/telemetry';
import { Injectable } from '@nestjs/common';
import { type Attributes, SpanKind } from '@opentelemetry/api';
import { ConnectionFailure } from './connection-failure';
import { DatabaseMetrics } from './database-metrics';
import { SessionConditions } from './session-conditions';
import { SharedBudget } from './shared-budget';
import { sqlstate } from './sqlstate';
import type { Statement } from './statement';

type AnyStatement = Statement<unknown, readonly unknown[]>;

/** What never changes for a statement. */
interface Identity {
  name: string;
  span: SpanAttributes;
  metric: Attributes;
}

/** Stands between every statement and its execution: one CLIENT span each, with what database views read. */
@Injectable()
export class TracingInterceptor {
  private readonly identities = new WeakMap<AnyStatement, Identity>();

  constructor(
    private readonly budget: SharedBudget,
    private readonly conditions: SessionConditions,
    private readonly metrics: DatabaseMetrics,
    private readonly configuration: Configuration,
  ) {}

  /** Runs the statement inside its span. */
  intercept<Answer extends { rows: unknown[] }>(
    statement: AnyStatement,
    run: () => Promise<Answer>,
  ): Promise<Answer> {
    const identity = this.identity(statement);
    return this.inStatementSpan(identity, async (span) => {
      const started = performance.now();
      try {
        const answer = await run();
        this.ended(identity, span, started, {
          'db.rows_returned': answer.rows.length,
          'db.response.returned_rows': answer.rows.length,
        });
        return answer;
      } catch (error) {
        const code = sqlstate(error);
        this.ended(identity, span, started, {
          ...(code && { 'db.response.status_code': code }),
          'error.type': code ?? 'connection_lost',
        });
        throw error;
      }
    });
  }

  /**
   * The wait for a connection, in a span that is none of the database: else it would be counted as a query. When it
   * fails, the statement has a failed span all the same: without it an outage would look like silence.
   */
  async waiting<Connection>(
    statement: AnyStatement,
    acquire: () => Promise<Connection>,
  ): Promise<Connection> {
    const attributes = { 'db.client.connection.pool.name': this.metrics.pool };
    try {
      return await inSpan('pool.acquire', { kind: SpanKind.INTERNAL, attributes }, async (span) => {
        return acquire().catch((failure) => {
          span.setAttributes({ 'error.type': reason(failure) });
          throw failure;
        });
      });
    } catch (failure) {
      return this.notRun(statement, failure);
    }
  }

  private notRun(statement: AnyStatement, failure: unknown): Promise<never> {
    const identity = this.identity(statement);
    return this.inStatementSpan(identity, async (span) => {
      const error = { 'error.type': reason(failure) };
      span.setAttributes(error);
      this.metrics.statement(failure instanceof ConnectionFailure ? failure.waitedMs : 0, undefined, {
        ...identity.metric,
        ...error,
      });
      throw failure;
    });
  }

  private inStatementSpan<T>({ name, span }: Identity, work: (span: TracedSpan) => Promise<T>): Promise<T> {
    const attributes = { ...span, ...this.poolFigures(), ...this.conditions.current?.attributes };
    return inSpan(name, { kind: SpanKind.CLIENT, attributes }, work);
  }

  private ended(identity: Identity, span: TracedSpan, started: number, outcome: SpanAttributes): void {
    const durationMs = performance.now() - started;
    span.setAttributes({ ...outcome, 'db.query.duration_ms': Math.round(durationMs * 1_000) / 1_000 });
    const error = outcome['error.type'];
    const metric = error ? { ...identity.metric, 'error.type': error } : identity.metric;
    this.metrics.statement(durationMs, outcome['db.response.returned_rows'], metric);
  }

  /** Made once for each statement, and given when the span starts, so that samplers see it. */
  private identity(statement: AnyStatement): Identity {
    let identity = this.identities.get(statement);
    if (!identity) {
      identity = describe(statement, this.configuration);
      this.identities.set(statement, identity);
    }
    return identity;
  }

  /** The shared budget, of all services, as of the latest look; left out before there was one. */
  private poolFigures(): SpanAttributes {
    const { view } = this.budget;
    if (!view) return {};
    return {
      'db.connection_pool.active': view.active_connections,
      'db.connection_pool.max': view.max_connections,
      'db.connection_pool.utilization_percent': view.utilization_percent,
    };
  }
}

function describe({ operation, table, summary, text }: AnyStatement, configuration: Configuration): Identity {
  const { DB_NAME, DB_HOST, DB_PORT, DB_USER, DB_SPAN_NAME } = configuration;
  const target = table ? `${DB_NAME}.${table}` : DB_NAME;
  return {
    name: DB_SPAN_NAME === 'stable' ? summary : `${operation} ${target}`,
    span: {
      'db.system': 'postgresql',
      'db.system.name': 'postgresql',
      'db.name': DB_NAME,
      'db.namespace': DB_NAME,
      'db.operation': operation,
      'db.operation.name': operation,
      'db.statement': text,
      'db.query.text': text,
      'db.query.summary': summary,
      'net.peer.name': DB_HOST,
      'net.peer.port': DB_PORT,
      'server.address': DB_HOST,
      'server.port': DB_PORT,
      'db.user': DB_USER,
      ...(table && { 'db.sql.table': table, 'db.collection.name': table }),
    },
    metric: {
      'db.system.name': 'postgresql',
      'db.namespace': DB_NAME,
      'db.operation.name': operation,
      'server.address': DB_HOST,
      'server.port': DB_PORT,
      ...(table && { 'db.collection.name': table }),
    },
  };
}

function reason(failure: unknown): string {
  return failure instanceof ConnectionFailure ? failure.reason : (sqlstate(failure) ?? 'unreachable');
}

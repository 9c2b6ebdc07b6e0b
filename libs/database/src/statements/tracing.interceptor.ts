import { Configuration } from '@app/configuration';
import { inSpan, type SpanAttributes, type SpanStart, type TracedSpan } from '@app/telemetry';
import { Injectable } from '@nestjs/common';
import { type Attributes, SpanKind } from '@opentelemetry/api';
import type { BudgetView } from '../budget/budget-view';
import { SharedBudget } from '../budget/shared-budget';
import { DatabaseMetrics } from '../database-metrics';
import { answeredState, errorType } from '../failures/cause-of';
import { Failures } from '../failures/failures';
import { SessionConditions } from './session-conditions';
import type { Statement, Value } from './statement';

type AnyStatement = Statement<unknown, readonly Value[]>;

/** The attributes of a statement that never change; frozen, so that they are encoded once and not again for each span. */
interface Identity {
  name: string;
  span: SpanStart;
  metric: Attributes;
}

/** Wraps the execution of every statement in one CLIENT span, with the attributes that database views read. */
@Injectable()
export class TracingInterceptor {
  private readonly identities = new WeakMap<AnyStatement, Identity>();
  private readonly budgetAttributes = new WeakMap<BudgetView, SpanAttributes>();
  private readonly wait: SpanStart;

  constructor(
    private readonly budget: SharedBudget,
    private readonly conditions: SessionConditions,
    private readonly metrics: DatabaseMetrics,
    private readonly failures: Failures,
    private readonly configuration: Configuration,
  ) {
    const attributes = Object.freeze({ 'db.client.connection.pool.name': metrics.pool });
    this.wait = { kind: SpanKind.INTERNAL, attributes };
  }

  /**
   * Runs the statement inside its span.
   * @param backendPid server process that runs it, which connects the span with its session and with what blocks it
   */
  intercept<Row>(
    statement: AnyStatement,
    backendPid: number | undefined,
    run: (span: TracedSpan) => Promise<Row[]>,
  ): Promise<Row[]> {
    const identity = this.identity(statement);
    return this.inStatementSpan(identity, async (span) => {
      const server = backendPid ? { 'postgresql.pid': backendPid } : undefined;
      const started = performance.now();
      try {
        const rows = await run(span);
        this.failures.answered();
        this.ended(identity, span, started, {
          ...server,
          'db.rows_returned': rows.length,
          'db.response.returned_rows': rows.length,
        });
        return rows;
      } catch (error) {
        const code = answeredState(error);
        this.failures.during(error, statement.summary, performance.now() - started);
        this.ended(identity, span, started, {
          ...server,
          ...(code && { 'db.response.status_code': code }),
          'error.type': errorType(error),
        });
        throw error;
      }
    });
  }

  /**
   * Records the wait for a connection in a span that does not belong to the database: otherwise it would be counted as
   * a query. If the wait fails, the statement still has a failed span, as long as the wait: without it an outage would
   * look like silence, and with a shorter one like a database that got faster.
   */
  waiting<Connection>(
    statement: AnyStatement,
    acquire: () => Connection | Promise<Connection>,
  ): Connection | Promise<Connection> {
    let asked = 0;
    const acquired = inSpan('pool.acquire', this.wait, (span) => {
      const connection = acquire();
      if (!(connection instanceof Promise)) return connection;
      asked = performance.now();
      return connection.catch((failure) => {
        span.setAttributes({ 'error.type': errorType(failure) });
        throw failure;
      });
    });
    return acquired instanceof Promise
      ? acquired.catch((failure) => this.notRun(statement, failure, asked))
      : acquired;
  }

  private notRun(statement: AnyStatement, failure: unknown, asked: number): Promise<never> {
    const identity = this.identity(statement);
    return this.inStatementSpan(
      identity,
      async (span) => {
        const code = answeredState(failure);
        const error = { ...(code && { 'db.response.status_code': code }), 'error.type': errorType(failure) };
        span.setAttributes(error);
        const waitedMs = performance.now() - asked;
        this.failures.during(failure, statement.summary, waitedMs);
        this.metrics.statement(waitedMs, undefined, { ...identity.metric, ...error });
        this.metrics.waitedInVain(waitedMs, error['error.type']);
        throw failure;
      },
      asked,
    );
  }

  private inStatementSpan<T>(
    { name, span }: Identity,
    work: (span: TracedSpan) => Promise<T>,
    startTime?: number,
  ): Promise<T> {
    return inSpan(name, startTime === undefined ? span : { ...span, startTime }, (started) => {
      const { view } = this.budget;
      // The shared budget of all services, according to the latest view; left out before there is one.
      if (view) started.setAttributes(this.poolAttributes(view));
      const { current } = this.conditions;
      if (current) started.setAttributes(current.attributes);
      return work(started);
    });
  }

  private ended(identity: Identity, span: TracedSpan, started: number, outcome: SpanAttributes): void {
    const durationMs = performance.now() - started;
    span.setAttributes({ ...outcome, 'db.query.duration_ms': Math.round(durationMs * 1_000) / 1_000 });
    const error = outcome['error.type'];
    const code = outcome['db.response.status_code'];
    const metric = error
      ? { ...identity.metric, 'error.type': error, ...(code && { 'db.response.status_code': code }) }
      : identity.metric;
    this.metrics.statement(durationMs, outcome['db.response.returned_rows'], metric);
  }

  /** Made once for each statement, and passed when the span starts, so that samplers see it. */
  private identity(statement: AnyStatement): Identity {
    let identity = this.identities.get(statement);
    if (!identity) {
      identity = describe(statement, this.configuration);
      this.identities.set(statement, identity);
    }
    return identity;
  }

  /** Made once for each view of the budget. */
  private poolAttributes(view: BudgetView): SpanAttributes {
    let attributes = this.budgetAttributes.get(view);
    if (!attributes) {
      attributes = Object.freeze({
        'db.connection_pool.active': view.active_connections,
        'db.connection_pool.max': view.max_connections,
        'db.connection_pool.utilization_percent': view.utilization_percent,
      });
      this.budgetAttributes.set(view, attributes);
    }
    return attributes;
  }
}

function describe({ operation, table, summary, text }: AnyStatement, configuration: Configuration): Identity {
  const { DB_NAME, DB_HOST, DB_PORT, DB_USER, DB_SPAN_NAME } = configuration;
  const target = table ? `${DB_NAME}.${table}` : DB_NAME;
  return {
    name: DB_SPAN_NAME === 'stable' ? summary : `${operation} ${target}`,
    span: {
      kind: SpanKind.CLIENT,
      attributes: Object.freeze({
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
      }),
    },
    metric: Object.freeze({
      'db.system.name': 'postgresql',
      'db.namespace': DB_NAME,
      'db.operation.name': operation,
      'server.address': DB_HOST,
      'server.port': DB_PORT,
      ...(table && { 'db.collection.name': table }),
    }),
  };
}

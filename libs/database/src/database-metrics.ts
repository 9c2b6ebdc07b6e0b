import { Configuration } from '@app/configuration';
import { Injectable } from '@nestjs/common';
import type { Attributes } from '@opentelemetry/api';
import { MetricService } from 'nestjs-otel';
import type { SharedBudget } from './budget/shared-budget';

/**
 * Seconds. Fine buckets around 2.9 s and the two limits of 3 s, which are reached a little late: with 2 s followed by 5
 * s, a constant 2.9 s would read as a 95th percentile of 4.85 s, and with 3 s followed by 5 s a wait of 3.001 s would
 * too.
 */
const DURATION_BUCKETS = [0.001, 0.004, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 2.5, 3, 3.25, 5, 10];

/** The state of this process's pool right now. */
export interface PoolNow {
  used: number;
  idle: number;
  waiting: number;
  /** Connections that this process may have. */
  max: number;
}

/** The metrics of statements, of this process's pool and of the shared budget, under OpenTelemetry's names. */
@Injectable()
export class DatabaseMetrics {
  /** Name of the pool in all its metrics and in the span of a wait. */
  readonly pool: string;
  private readonly labels: Attributes;
  private readonly operationDuration;
  private readonly returnedRows;
  private readonly createTime;
  private readonly waitTime;
  private readonly useTime;
  private readonly timeouts;

  constructor(
    private readonly metrics: MetricService,
    private readonly configuration: Configuration,
  ) {
    const { DB_USER, DB_HOST, DB_PORT, DB_NAME } = configuration;
    this.pool = `${DB_USER}@${DB_HOST}:${DB_PORT}/${DB_NAME}`;
    this.labels = Object.freeze({ 'db.client.connection.pool.name': this.pool });
    this.operationDuration = this.seconds('db.client.operation.duration', 'Duration of a statement');
    this.createTime = this.seconds('db.client.connection.create_time', 'Time to open a connection');
    this.waitTime = this.seconds(
      'db.client.connection.wait_time',
      'Time that a request waited for a connection',
    );
    this.useTime = this.seconds(
      'db.client.connection.use_time',
      'Time from getting a connection to giving it back',
    );
    this.returnedRows = metrics.getHistogram('db.client.response.returned_rows', {
      unit: '{row}',
      description: 'Rows returned by a statement',
      advice: { explicitBucketBoundaries: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000] },
    });
    this.timeouts = metrics.getCounter('db.client.connection.timeouts', {
      unit: '{timeout}',
      description: 'Requests that got no connection in time',
    });
    // The counter starts at 0: otherwise the first time-outs would not be an increase of anything.
    this.timeouts.add(0, this.labels);
  }

  statement(durationMs: number, rows: number | undefined, attributes: Attributes): void {
    this.operationDuration.record(durationMs / 1_000, attributes);
    if (rows !== undefined) this.returnedRows.record(rows, attributes);
  }

  connectionCreated(ms: number): void {
    this.createTime.record(ms / 1_000, this.labels);
  }

  connectionAcquired(waitedMs: number): void {
    this.waitTime.record(waitedMs / 1_000, this.labels);
  }

  /** A wait that ended without a connection counts as a wait too. */
  waitedInVain(waitedMs: number, errorType: string): void {
    this.waitTime.record(waitedMs / 1_000, { ...this.labels, 'error.type': errorType });
  }

  connectionGivenBack(usedMs: number): void {
    this.useTime.record(usedMs / 1_000, this.labels);
  }

  timedOut(): void {
    this.timeouts.add(1, this.labels);
  }

  /** Reports the pool whenever metrics are collected. */
  observePool(now: () => PoolNow): void {
    const { DB_POOL_MIN, DB_POOL_MAX } = this.configuration;
    const connections = '{connection}';
    this.metrics
      .getObservableUpDownCounter('db.client.connection.count', {
        unit: connections,
        description: 'Open connections of this process, by state',
      })
      .addCallback((result) => {
        const { used, idle } = now();
        result.observe(used, { ...this.labels, 'db.client.connection.state': 'used' });
        result.observe(idle, { ...this.labels, 'db.client.connection.state': 'idle' });
      });
    this.observe(
      'db.client.connection.pending_requests',
      '{request}',
      'Requests that wait for a connection',
      () => now().waiting,
    );
    // Renamed in September 2026; dashboards of either age find it.
    for (const name of ['db.client.connection.limit', 'db.client.connection.max']) {
      this.observe(name, connections, 'Most connections this process opens', () => now().max);
    }
    this.observe(
      'db.client.connection.idle.min',
      connections,
      'Fewest idle connections it keeps',
      () => DB_POOL_MIN,
    );
    this.observe(
      'db.client.connection.idle.max',
      connections,
      'Most idle connections it keeps',
      () => DB_POOL_MAX,
    );
  }

  /** Reports the budget of all services, as PostgreSQL counts it; nothing before the first view. */
  observeBudget(budget: SharedBudget): void {
    const gauge = (name: string, unit: string, description: string, value: () => number | undefined) =>
      this.metrics.getObservableGauge(name, { unit, description }).addCallback((result) => {
        const now = value();
        if (now !== undefined) result.observe(now);
      });
    gauge(
      'demo.db.budget.used',
      '{connection}',
      'Connections that PostgreSQL counts for the role of all services',
      () => budget.view?.active_connections,
    );
    gauge(
      'demo.db.budget.max',
      '{connection}',
      'Connections that PostgreSQL allows that role',
      () => budget.view?.max_connections,
    );
    gauge(
      'demo.db.budget.utilization',
      '1',
      'Share of the budget in use, from 0 to 1',
      () => budget.view && budget.view.utilization_percent / 100,
    );
  }

  private seconds(name: string, description: string) {
    const advice = { explicitBucketBoundaries: DURATION_BUCKETS };
    return this.metrics.getHistogram(name, { unit: 's', description, advice });
  }

  private observe(name: string, unit: string, description: string, value: () => number): void {
    this.metrics
      .getObservableUpDownCounter(name, { unit, description })
      .addCallback((result) => result.observe(value(), this.labels));
  }
}

import { Configuration } from '@app/configuration';
import { ConnectionQueue, ControlConnection, INSTANCE, SharedBudget } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { ConnectionPool, HealthDocument } from './dto/health-document.dto';
import { HealthDetails } from './health-details';
import { Shutdown } from './shutdown';

/** Percent of the shared budget from which on the status changes. */
const DEGRADED_FROM = 80;
const EXHAUSTED_FROM = 95;

/** The /health document: from counters and the latest shared view, without a statement on the pool. */
@Injectable()
export class HealthReport {
  constructor(
    private readonly configuration: Configuration,
    private readonly queue: ConnectionQueue,
    private readonly budget: SharedBudget,
    private readonly control: ControlConnection,
    private readonly details: HealthDetails,
    private readonly shutdown: Shutdown,
  ) {}

  document(): HealthDocument {
    const details = this.details.read();
    const status = this.status(details.degrades);
    return {
      status,
      ...(status === 'down' && { reason: this.reason() }),
      service: this.configuration.SERVICE_NAME,
      instance: INSTANCE,
      connection_pool: this.connectionPool(),
      ...details.values,
    };
  }

  /** Status of the service as of the latest view. */
  status(degraded = this.details.read().degrades): HealthDocument['status'] {
    if (this.shutdown.started || this.control.trouble) return 'down';
    const used = this.budget.view?.utilization_percent ?? 0;
    if (used >= EXHAUSTED_FROM) return 'exhausted';
    return degraded || used >= DEGRADED_FROM || this.queue.own.waiting > 0 ? 'degraded' : 'ok';
  }

  private reason(): string {
    return this.shutdown.started ? 'the process is stopping' : 'the database cannot be reached';
  }

  private connectionPool(): ConnectionPool {
    const { view } = this.budget;
    const own = { ...this.queue.own, ...this.queue.counts };
    if (!view) return { own };
    const { active_connections, max_connections, utilization_percent, enforced, by_service, waiting } = view;
    const age_ms = Math.round(performance.now() - view.at);
    return {
      active_connections,
      max_connections,
      utilization_percent,
      enforced,
      by_service,
      waiting,
      age_ms,
      own,
    };
  }
}

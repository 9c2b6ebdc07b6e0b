import { Configuration } from '@app/configuration';
import {
  answeredState,
  CAUSES,
  ConnectionQueue,
  ControlConnection,
  causeName,
  Failures,
  INSTANCE,
  makesUnready,
  type RecentFailure,
  ServerLimit,
  SessionCheck,
  SharedBudget,
  sentence,
} from '@app/database';
import { Shutdown } from '@app/lifecycle';
import { Injectable } from '@nestjs/common';
import type { ConnectionPool, HealthDocument } from './dto/health-document.dto';
import { HealthDetails } from './health-details';

/** Percent of the shared budget from which the status changes. */
const DEGRADED_FROM = 80;
const EXHAUSTED_FROM = 95;
/** Milliseconds for which an answer to a statement proves that the database is up, whatever the control role sees. */
const ANSWER_COUNTS_MS = 2_000;

/** What is wrong, and for which role. */
interface Trouble {
  status: Exclude<HealthDocument['status'], 'ok'>;
  reason: string;
}

/** The /health document, made from counters and the latest shared view, without a statement on the pool. */
@Injectable()
export class HealthReport {
  /** `performance.now()` at which the control role lost its connection. */
  private controlDownAt = 0;

  constructor(
    private readonly configuration: Configuration,
    private readonly queue: ConnectionQueue,
    private readonly budget: SharedBudget,
    private readonly server: ServerLimit,
    private readonly sessions: SessionCheck,
    private readonly control: ControlConnection,
    private readonly failures: Failures,
    private readonly details: HealthDetails,
    private readonly shutdown: Shutdown,
  ) {
    control.on('down', (_error, wasUp) => {
      if (wasUp) this.controlDownAt = performance.now();
    });
  }

  document(): HealthDocument {
    const details = this.details.read();
    const failures = this.failures.recent();
    const trouble = this.trouble(failures);
    return {
      status: trouble?.status ?? this.ofBudget(details.degrades),
      ...(trouble && { reason: trouble.reason }),
      service: this.configuration.SERVICE_NAME,
      instance: INSTANCE,
      connection_pool: this.connectionPool(),
      ...(failures.length > 0 && { failures }),
      ...details.values,
    };
  }

  /** Why no instance of this service could serve well, for strict readiness; undefined if one could. */
  obstacle(): string | undefined {
    const failures = this.failures.recent().filter(({ cause }) => makesUnready(cause));
    const { status, reason } = this.trouble(failures) ?? { status: this.ofBudget(false), reason: '' };
    if (status === 'ok' || (status === 'degraded' && failures.length === 0)) return undefined;
    return reason ? `${status}: ${reason}` : status;
  }

  /** What keeps the service from working, the worst first; undefined if only the budget determines the status. */
  private trouble(failures: RecentFailure[]): Trouble | undefined {
    if (this.shutdown.started) return { status: 'down', reason: 'the process is stopping' };
    const ofControl = this.control.trouble && this.ofControl(this.control.trouble);
    if (ofControl?.status === 'down') return ofControl;
    const [failure] = failures;
    if (!failure) return ofControl;
    const { DB_USER } = this.configuration;
    const state = failure.sqlstate ? ` (${failure.sqlstate})` : '';
    const reason = `role ${DB_USER}: ${failure.reason}${state}${ofControl ? `; ${ofControl.reason}` : ''}`;
    const exhausted = CAUSES[failure.cause].hits === 'pool' || this.ofBudget(false) === 'exhausted';
    return { status: exhausted ? 'exhausted' : 'degraded', reason };
  }

  /** The roles are separate: what refuses only the control role does not stop the other role's statements. */
  private ofControl(error: Error): Trouble {
    const cause = causeName(error) ?? 'unreachable';
    const state = answeredState(error);
    const { answeredAt } = this.failures;
    const served = answeredAt > this.controlDownAt && performance.now() - answeredAt < ANSWER_COUNTS_MS;
    const control = `control role ${this.configuration.DB_CONTROL_USER}: ${sentence(cause)}${state ? ` (${state})` : ''}`;
    if (served || CAUSES[cause].hits !== 'server') return { status: 'degraded', reason: control };
    const reason = cause === 'unreachable' ? 'the database cannot be reached' : control;
    return { status: 'down', reason };
  }

  private ofBudget(degraded: boolean): HealthDocument['status'] {
    const used = this.server.usedPercent;
    if (used >= EXHAUSTED_FROM) return 'exhausted';
    return degraded || used >= DEGRADED_FROM || this.queue.own.waiting > 0 ? 'degraded' : 'ok';
  }

  private connectionPool(): ConnectionPool {
    const { view } = this.budget;
    const own = { ...this.queue.own, ...this.queue.counts };
    const { blindBecause } = this.budget;
    const reason = blindBecause && { reason: blindBecause };
    if (!view) return { ...reason, own };
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
      ...reason,
      ...(this.server.inTheWay && { server: this.server.inTheWay }),
      ...(this.sessions.shared && { pooler: this.sessions.shared }),
      own,
    };
  }
}

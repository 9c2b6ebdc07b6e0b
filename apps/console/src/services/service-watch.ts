import { serviceOf } from '@app/configuration';
import {
  type FaultDescription,
  type FaultState,
  SERVICES,
  ServiceClient,
  ServiceFaults,
  type ServiceKey,
  serviceName,
} from '@app/service-client';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

const POLL_EVERY_MS = 1_000;
const TIMEOUT_MS = 2_000;
/** Milliseconds after which a service is asked again for its list of faults: a right may have been granted meanwhile. */
const LIST_EVERY_MS = 10_000;

/** A service as it was at the last poll. */
export interface ServiceState {
  key: ServiceKey;
  service: string;
  /** Number of its colour on the page. */
  color: number;
  url: string;
  /** Whether it answered at all. */
  up: boolean;
  /** The status in its /health: `ok`, `degraded`, `exhausted` or `down`. */
  status: string;
  /** What is wrong, in the service's words. */
  detail?: string;
  chaos_enabled: boolean;
  faults: FaultState[];
  /** The process that answered: its requests that wait for a connection. */
  queue: { oldest_wait_ms: number; timed_out: number };
}

/** Polls each service once a second for its health and its faults. */
@Injectable()
export class ServiceWatch implements OnApplicationBootstrap {
  private readonly latest = new Map<ServiceKey, ServiceState>();
  private readonly timers = new Map<ServiceKey, NodeJS.Timeout>();
  private stopped = false;
  private listedAt = Number.NEGATIVE_INFINITY;
  /** The faults that the services offer; all offer the same. Empty until one has answered. */
  faults: FaultDescription[] = [];

  constructor(
    private readonly client: ServiceClient,
    private readonly serviceFaults: ServiceFaults,
  ) {}

  onApplicationBootstrap(): void {
    for (const key of SERVICES) void this.keepPolling(key);
  }

  end(): void {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  get states(): ServiceState[] {
    return SERVICES.map((key) => this.latest.get(key) ?? this.unknown(key, 'not asked yet'));
  }

  /** Polls now. */
  async poll(key: ServiceKey): Promise<void> {
    const [health, demo] = await Promise.all([
      this.client.get(key, '/health', TIMEOUT_MS),
      this.client.get(key, '/demo/status', TIMEOUT_MS),
    ]);
    if (health.status === 0) {
      this.latest.set(key, this.unknown(key, String(health.body.detail)));
      return;
    }
    await this.list(key);
    this.latest.set(key, {
      ...this.unknown(key, health.body.reason === undefined ? undefined : String(health.body.reason)),
      up: true,
      status: String(health.body.status ?? 'unknown'),
      chaos_enabled: demo.body.chaos_enabled === true,
      faults: Array.isArray(demo.body.faults) ? (demo.body.faults as FaultState[]) : [],
      queue: queueOf(health.body),
    });
  }

  private async keepPolling(key: ServiceKey): Promise<void> {
    await this.poll(key);
    if (!this.stopped)
      this.timers.set(
        key,
        setTimeout(() => void this.keepPolling(key), POLL_EVERY_MS),
      );
  }

  private async list(key: ServiceKey): Promise<void> {
    if (performance.now() - this.listedAt < LIST_EVERY_MS) return;
    this.faults = (await this.serviceFaults.list(key)) ?? this.faults;
    this.listedAt = performance.now();
  }

  private unknown(key: ServiceKey, detail: string | undefined): ServiceState {
    const url = this.client.targets[key];
    return {
      key,
      service: serviceName(key),
      color: serviceOf(key).color,
      url,
      up: false,
      status: 'down',
      detail,
      chaos_enabled: false,
      faults: [],
      queue: { oldest_wait_ms: 0, timed_out: 0 },
    };
  }
}

function queueOf(health: Record<string, unknown>): ServiceState['queue'] {
  const { own } = (health.connection_pool ?? {}) as { own?: Partial<ServiceState['queue']> };
  return { oldest_wait_ms: Number(own?.oldest_wait_ms) || 0, timed_out: Number(own?.timed_out) || 0 };
}

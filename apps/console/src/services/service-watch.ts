import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceClient } from './service-client';
import { SERVICES, type ServiceKey, serviceName } from './service-targets';

const LOOK_EVERY_MS = 1_000;
const TIMEOUT_MS = 2_000;

/** A fault as the service tells of it. */
export interface FaultState {
  fault: string;
  enabled: boolean;
  asked?: Record<string, unknown>;
  measured?: Record<string, unknown>;
  /** Undefined until something was measured. */
  effective?: boolean;
  detail?: string;
  expires_in_seconds?: number;
}

/** A service as it was when it was last asked. */
export interface ServiceState {
  key: ServiceKey;
  service: string;
  url: string;
  /** Whether it answered at all. */
  up: boolean;
  /** `ok`, `degraded`, `exhausted` or `down`, of its /health. */
  status: string;
  /** What is wrong, in its words. */
  detail?: string;
  chaos_enabled: boolean;
  faults: FaultState[];
}

/** Asks each service once a second how it is and which faults are on. */
@Injectable()
export class ServiceWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly latest = new Map<ServiceKey, ServiceState>();
  private readonly timers = new Map<ServiceKey, NodeJS.Timeout>();
  private stopped = false;

  constructor(private readonly client: ServiceClient) {}

  onApplicationBootstrap(): void {
    for (const key of SERVICES) void this.keepLooking(key);
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  get states(): ServiceState[] {
    return SERVICES.map((key) => this.latest.get(key) ?? this.unknown(key, 'not asked yet'));
  }

  /** Asks now. */
  async look(key: ServiceKey): Promise<void> {
    const [health, demo] = await Promise.all([
      this.client.get(key, '/health', TIMEOUT_MS),
      this.client.get(key, '/demo/status', TIMEOUT_MS),
    ]);
    if (health.status === 0) {
      this.latest.set(key, this.unknown(key, String(health.body.detail)));
      return;
    }
    this.latest.set(key, {
      ...this.unknown(key, health.body.reason === undefined ? undefined : String(health.body.reason)),
      up: true,
      status: String(health.body.status ?? 'unknown'),
      chaos_enabled: demo.body.chaos_enabled === true,
      faults: Array.isArray(demo.body.faults) ? (demo.body.faults as FaultState[]) : [],
    });
  }

  private async keepLooking(key: ServiceKey): Promise<void> {
    await this.look(key);
    if (!this.stopped)
      this.timers.set(
        key,
        setTimeout(() => void this.keepLooking(key), LOOK_EVERY_MS),
      );
  }

  private unknown(key: ServiceKey, detail: string | undefined): ServiceState {
    const url = this.client.targets[key];
    return {
      key,
      service: serviceName(key),
      url,
      up: false,
      status: 'down',
      detail,
      chaos_enabled: false,
      faults: [],
    };
  }
}

import type { Answer, ServiceClient } from './service-client';
import { SERVICES, type ServiceKey } from './service-targets';

/** Longer than a service takes to prove that a fault is in force. */
const TIMEOUT_MS = 15_000;

/** JSON Schema of one setting of a fault. */
export interface FaultSetting {
  type: 'integer' | 'string';
  description: string;
  minimum?: number;
  maximum?: number;
  enum?: string[];
  default?: number | string;
}

/** A fault as a service offers it at GET /demo/faults. */
export interface FaultDescription {
  name: string;
  title: string;
  /** Its section in the list of faults: `pool`, `lock`, `query`, `path`, `strangers`, `load`. */
  kind: string;
  summary: string;
  /** `database`: one service at a time holds it, and all services feel it. */
  acts_on: 'service' | 'database';
  /** Whether a routine check switches it on. */
  routine: boolean;
  available: boolean;
  /** The missing right, if it is not available. */
  unavailable_because?: string;
  settings: { properties: Record<string, FaultSetting> };
  /** Settings for a short demonstration. */
  example: Record<string, number | string>;
}

/** A fault as a service reports it at GET /demo/status. */
export interface FaultState {
  fault: string;
  enabled: boolean;
  asked?: Record<string, unknown>;
  measured?: Record<string, unknown>;
  /** Undefined until something was measured. */
  effective?: boolean;
  detail?: string;
  /** ISO 8601. */
  started_at?: string;
  expires_in_seconds?: number;
}

/** The faults of services, through the routes that are the same for all faults. */
export class ServiceFaults {
  constructor(private readonly services: ServiceClient) {}

  /** The faults that a service offers; undefined if it does not answer. */
  async list(key: ServiceKey): Promise<FaultDescription[] | undefined> {
    const { status, body } = await this.services.get(key, '/demo/faults', TIMEOUT_MS);
    return status === 200 ? (body.faults as FaultDescription[]) : undefined;
  }

  /** The faults that the first service to answer offers; all services have the same. */
  async listOfAny(): Promise<FaultDescription[] | undefined> {
    for (const key of SERVICES) {
      const faults = await this.list(key);
      if (faults) return faults;
    }
    return undefined;
  }

  /** Each fault of a service, on or off; none if it does not answer. */
  async states(key: ServiceKey): Promise<FaultState[]> {
    const { faults } = (await this.services.get(key, '/demo/status', TIMEOUT_MS)).body;
    return Array.isArray(faults) ? (faults as FaultState[]) : [];
  }

  start(key: ServiceKey, fault: string, settings: object): Promise<Answer> {
    return this.services.post(key, `/demo/faults/${encodeURIComponent(fault)}`, settings, TIMEOUT_MS);
  }

  stop(key: ServiceKey, fault: string): Promise<Answer> {
    return this.services.delete(key, `/demo/faults/${encodeURIComponent(fault)}`, TIMEOUT_MS);
  }

  reset(key: ServiceKey): Promise<Answer> {
    return this.services.post(key, '/demo/reset', {}, TIMEOUT_MS);
  }
}

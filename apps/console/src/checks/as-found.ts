import type { ServiceClient } from '../services/service-client';
import { SERVICES, type ServiceKey } from '../services/service-targets';
import type { FaultState } from '../services/service-watch';

const TIMEOUT_MS = 15_000;

/** How each fault is switched on again. */
const SWITCHES: Record<string, string> = {
  'slow-queries': '/demo/enable-slow-queries',
  'pool-exhaustion': '/demo/simulate-pool-exhaustion',
};

interface FaultOf {
  key: ServiceKey;
  fault: FaultState;
  /** `performance.now()` at which it would have ended. */
  endsAt: number;
}

/** Does some work on a system without faults; the faults that were on before are on afterwards, for the rest of their time. */
export async function asFound<T>(services: ServiceClient, work: () => Promise<T>): Promise<T> {
  const before = (await Promise.all(SERVICES.map((key) => faultsOf(services, key)))).flat();
  await reset(services, before);
  try {
    return await work();
  } finally {
    await reset(services, before);
    for (const { key, fault, endsAt } of before) {
      const ttl_seconds = Math.round((endsAt - performance.now()) / 1_000);
      const path = SWITCHES[fault.fault];
      if (path && ttl_seconds > 0)
        await services.post(key, path, { ...fault.asked, ttl_seconds }, TIMEOUT_MS);
    }
  }
}

async function faultsOf(services: ServiceClient, key: ServiceKey): Promise<FaultOf[]> {
  const { faults } = (await services.get(key, '/demo/status', TIMEOUT_MS)).body;
  const enabled = Array.isArray(faults) ? (faults as FaultState[]).filter((fault) => fault.enabled) : [];
  return enabled.map((fault) => ({
    key,
    fault,
    endsAt: performance.now() + (fault.expires_in_seconds ?? 0) * 1_000,
  }));
}

async function reset(services: ServiceClient, faults: readonly FaultOf[]): Promise<void> {
  const keys = new Set(faults.map(({ key }) => key));
  await Promise.all([...keys].map((key) => services.post(key, '/demo/reset', {}, TIMEOUT_MS)));
}

import {
  type FaultState,
  SERVICES,
  type ServiceClient,
  ServiceFaults,
  type ServiceKey,
} from '@app/service-client';

interface FaultOf {
  key: ServiceKey;
  fault: FaultState;
  /** `performance.now()` at which it would have ended. */
  endsAt: number;
}

/** Does some work on a system without faults. Faults that were on before are on again afterwards, for the time left. */
export async function withFaultsRestored<T>(services: ServiceClient, work: () => Promise<T>): Promise<T> {
  const faults = new ServiceFaults(services);
  const before = (await Promise.all(SERVICES.map((key) => faultsOf(faults, key)))).flat();
  await reset(faults, before);
  try {
    return await work();
  } finally {
    await reset(faults, before);
    for (const { key, fault, endsAt } of before) {
      const ttl_seconds = Math.round((endsAt - performance.now()) / 1_000);
      if (ttl_seconds > 0) await faults.start(key, fault.fault, { ...fault.asked, ttl_seconds });
    }
  }
}

async function faultsOf(faults: ServiceFaults, key: ServiceKey): Promise<FaultOf[]> {
  const enabled = (await faults.states(key)).filter((fault) => fault.enabled);
  return enabled.map((fault) => ({
    key,
    fault,
    endsAt: performance.now() + (fault.expires_in_seconds ?? 0) * 1_000,
  }));
}

async function reset(faults: ServiceFaults, before: readonly FaultOf[]): Promise<void> {
  const keys = new Set(before.map(({ key }) => key));
  await Promise.all([...keys].map((key) => faults.reset(key)));
}

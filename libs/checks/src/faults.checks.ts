import { serviceOf } from '@app/configuration';
import {
  type FaultDescription,
  type FaultState,
  SERVICES,
  ServiceFaults,
  type ServiceKey,
} from '@app/service-client';
import { type Check, type CheckedSystem, failed, passed, type Verdict } from './check';
import { until } from './until';

const TIMEOUT_MS = 15_000;
/** If this process is killed in between, the fault ends by itself soon. */
const TTL_SECONDS = 60;
/** Milliseconds in which a fault must take effect, and in which nothing of it must be left. */
const EFFECTIVE_WITHIN_MS = 10_000;
const ENDED_WITHIN_MS = 5_000;

/** Faults do what they say, and end: one check for each fault that the services offer. */
export function faultChecks(faults: readonly FaultDescription[] | undefined): Check[] {
  if (faults) return faults.map(faultCheck);
  const run = async () => failed('no service says which faults there are');
  return [{ id: 'faults', title: 'Faults work, and end', disturbs: true, run }];
}

function faultCheck(fault: FaultDescription): Check {
  const { name: id, title } = fault;
  return { id, title: `${title}: works, and ends`, disturbs: true, run: (system) => onAndOff(fault, system) };
}

async function onAndOff(fault: FaultDescription, { services }: CheckedSystem): Promise<Verdict> {
  const { name, acts_on, available, unavailable_because } = fault;
  if (!available) return { state: 'skipped', evidence: `NOT AVAILABLE: ${unavailable_because}` };
  const faults = new ServiceFaults(services);
  // A fault of the database is held by one service, here the middle one, so that its neighbours are other services.
  const keys: readonly ServiceKey[] = acts_on === 'service' ? SERVICES : ['inventory'];
  const effects: Verdict[] = [];
  try {
    for (const key of keys) {
      const { status, body } = await faults.start(key, name, { ...fault.example, ttl_seconds: TTL_SECONDS });
      if (status !== 200) return failed(`${key}: ${body.detail ?? `status ${status}`}`);
    }
    for (const key of keys)
      effects.push(
        await effect(faults, key, name, () => services.get(key, serviceOf(key).reads, TIMEOUT_MS)),
      );
  } finally {
    await Promise.all(keys.map((key) => faults.stop(key, name)));
  }
  const ended = await until(ENDED_WITHIN_MS, async () => {
    const states = (await Promise.all(SERVICES.map((key) => faults.states(key)))).flat();
    return states.every(({ fault: one, enabled }) => one !== name || !enabled);
  });
  const evidence = effects.map((verdict) => verdict.evidence).join('; ');
  if (!ended) return failed(`${evidence}; still on after its end`);
  const works = ({ state }: Verdict) => state === 'passed';
  // Some faults need a kind of statement that not every service has.
  const enough = fault.routine ? effects.every(works) : effects.some(works);
  return enough ? passed(evidence) : failed(evidence);
}

/** Uses the service until the fault is effective there, and returns what the service reports about it. */
async function effect(
  faults: ServiceFaults,
  key: ServiceKey,
  name: string,
  use: () => Promise<unknown>,
): Promise<Verdict> {
  let state: FaultState | undefined;
  const effective = await until(EFFECTIVE_WITHIN_MS, async () => {
    // Not awaited, because under some faults an answer takes seconds.
    void use();
    state = (await faults.states(key)).find(({ fault }) => fault === name);
    return state?.effective === true;
  });
  const evidence = `${key} ${state?.detail ?? 'does not answer'}`;
  return effective ? passed(evidence) : failed(evidence);
}

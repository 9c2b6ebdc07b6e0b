import type { RunningService } from '../support/running-service';
import type { Trial } from './trial';
import type { World } from './world';

/** A fault that was switched on. */
export interface MadeFault {
  /** Unix milliseconds of the first event that says that it has started. */
  startedAt: number;
  /** Why it has not come about, as the product itself says; undefined when it has. Asked at the end of the trial. */
  notMade(): Promise<string | undefined>;
  stop(): Promise<unknown>;
}

/** Switches the fault of a trial on, wherever it is to be. */
export async function makeFault(
  { services }: World,
  { name, settings, at }: NonNullable<Trial['fault']>,
  setting: number,
): Promise<MadeFault> {
  const places = at.map((key) => services[key]);
  const [first] = places as [RunningService];
  const asked = Date.now();
  const body = { ...settings(setting), ttl_seconds: 60 };
  const answers = await Promise.all(places.map((place) => place.post(`/demo/faults/${name}`, body)));
  const refused = answers.find(({ status }) => status !== 200)?.body.detail;
  return {
    startedAt: startedAt(first, name, asked) ?? asked,
    async notMade() {
      if (refused) return refused;
      const { body } = await first.get('/demo/status');
      const state = body.faults.find(({ fault }: { fault: string }) => fault === name);
      return state?.effective ? undefined : (state?.detail ?? 'it is not on any more');
    },
    stop: () => Promise.all(places.map((place) => place.get(`/demo/faults/${name}`, { method: 'DELETE' }))),
  };
}

/** The time of the event by which the service itself said that the fault has started. */
function startedAt({ output }: RunningService, name: string, since: number): number | undefined {
  const events = output
    .split('\n')
    .filter((line) => line.includes('fault started'))
    .map((line) => JSON.parse(line));
  const own = events.filter(({ message }) => message?.fault === name);
  return own.map(({ timestamp }) => Number(timestamp)).find((at) => at >= since - 50);
}

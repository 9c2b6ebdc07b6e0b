import type { RunningService } from '../support/running-service';
import type { Trial } from './trial';
import type { World } from './world';

/** A fault that was switched on. */
export interface MadeFault {
  /** Unix milliseconds of the first event that reports its start. */
  startedAt: number;
  /** Why it has not taken effect, by the product itself; undefined if it has. To be asked at the end of the trial. */
  notMade(): Promise<string | undefined>;
  stop(): Promise<unknown>;
}

/** Switches the fault of a trial on, wherever it is needed. */
export async function makeFault(
  { services }: World,
  { name, settings, at }: NonNullable<Trial['fault']>,
  setting: number,
): Promise<MadeFault> {
  const targets = at.map((key) => services[key]);
  const [first] = targets as [RunningService];
  const asked = Date.now();
  const body = { ...settings(setting), ttl_seconds: 60 };
  const answers = await Promise.all(targets.map((target) => target.post(`/demo/faults/${name}`, body)));
  const refused = answers.find(({ status }) => status !== 200)?.body.detail;
  return {
    startedAt: startedAt(first, name, asked) ?? asked,
    async notMade() {
      if (refused) return refused;
      const { body } = await first.get('/demo/status');
      const state = body.faults.find(({ fault }: { fault: string }) => fault === name);
      return state?.effective ? undefined : (state?.detail ?? 'it is not on any more');
    },
    stop: () =>
      Promise.all(targets.map((target) => target.get(`/demo/faults/${name}`, { method: 'DELETE' }))),
  };
}

/** The time of the event in which the service itself reported the start of the fault. */
function startedAt({ output }: RunningService, name: string, since: number): number | undefined {
  const events = output
    .split('\n')
    .filter((line) => line.includes('fault started'))
    .map((line) => JSON.parse(line));
  const own = events.filter(({ message }) => message?.fault === name);
  return own.map(({ timestamp }) => Number(timestamp)).find((at) => at >= since - 50);
}

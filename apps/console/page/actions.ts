import type { FaultDescription } from '@app/service-client';
import { computed, signal } from '@preact/signals';
import type { ServiceState } from '../src/services/service-watch';
import { view } from './live';
import { say } from './message';

/** Name of the fault that the buttons switch; until one is chosen, the first fault that the services offer. */
const chosenName = signal<string>();
/** The typed values of settings, by `fault setting`; the rest are defaults. */
const typed = signal<Record<string, number | string>>({});
export const ttlSeconds = signal(900);

/** The fault that the buttons switch. */
export const chosen = computed<FaultDescription | undefined>(() => {
  const { faults = [] } = view.value ?? {};
  return faults.find(({ name }) => name === chosenName.value) ?? faults[0];
});

/** Its current settings except the time; undefined if the service finds a suitable value itself. */
export const settings = computed<Record<string, number | string | undefined>>(() => {
  const { name = '', settings: schema = { properties: {} } } = chosen.value ?? {};
  const own = Object.entries(schema.properties).filter(([setting]) => setting !== 'ttl_seconds');
  return Object.fromEntries(
    own.map(([setting, { default: usual }]) => [setting, typed.value[`${name} ${setting}`] ?? usual]),
  );
});

type Target = ServiceState['key'] | 'all';

interface FaultAnswer {
  service: string;
  ok: boolean;
  detail: string;
}

export function choose(name: string): void {
  chosenName.value = name;
}

/** Chooses the next fault in the list, or the previous one. */
export function chooseNext(step: 1 | -1): void {
  const { faults = [] } = view.value ?? {};
  const index = faults.findIndex(({ name }) => name === chosen.value?.name);
  const next = faults.at((index + step) % faults.length);
  if (next) choose(next.name);
}

export function setSetting(setting: string, value: number | string): void {
  typed.value = { ...typed.value, [`${chosen.value?.name} ${setting}`]: value };
}

export async function start(target: Target): Promise<void> {
  if (chosen.value)
    await fault(`${target}/${chosen.value.name}`, { ...settings.value, ttl_seconds: ttlSeconds.value });
}

export async function reset(target: Target): Promise<void> {
  await fault(`${target}/reset`, {}, () =>
    target === 'all' ? 'All faults are off.' : `${target}-service: no fault is on.`,
  );
}

export async function setLoad(change: { rate?: number; paused?: boolean }): Promise<void> {
  await post('load', change);
}

export async function runChecks(): Promise<void> {
  await post('checks/run', {});
  say('Running every check. Faults are switched on for a moment, and put back.');
}

async function fault(path: string, body: object, done?: () => string): Promise<void> {
  const answers = (await post(`faults/${path}`, body)) as FaultAnswer[] | undefined;
  const refused = answers?.filter(({ ok }) => !ok) ?? [];
  if (refused.length > 0) say(refused.map(({ service, detail }) => `${service}: ${detail}`).join(' '), 'bad');
  else if (answers)
    say(done?.() ?? answers.map(({ service, detail }) => `${service}: ${detail}`).join(' · '));
}

export async function startStory(name: string, pace: 'hand' | 'clock'): Promise<boolean> {
  return (await post(`scenarios/${name}/start`, { pace })) !== undefined;
}

/** Ends the current step. */
export async function nextStep(name: string): Promise<void> {
  await post(`scenarios/${name}/next`, {});
}

export async function stopStory(name: string): Promise<void> {
  await post(`scenarios/${name}/stop`, {});
}

/** Undefined if it failed; the page then says so. */
async function post(path: string, body: object): Promise<unknown> {
  try {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(`/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer = await response.json();
    if (response.ok) return answer;
    say(String(answer.detail), 'bad');
  } catch {
    say('The console does not answer. Is it still running?', 'bad');
  }
  return undefined;
}

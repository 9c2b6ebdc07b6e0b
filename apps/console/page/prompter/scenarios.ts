import type { Scenario } from '@app/scenario';
import { signal } from '@preact/signals';
import type { Performance } from '../../src/scenarios/performance';

const ASK_EVERY_MS = 500;

/** A recorded run with a report to open. */
export interface ListedRun {
  name: string;
  title: string;
  seed: number;
  began: string;
  how: string;
  green: boolean;
}

export const scenarios = signal<Scenario[]>([]);
export const performance = signal<Performance | undefined>(undefined);
export const runs = signal<ListedRun[]>([]);
/** Why the console did not answer, or did not do what was asked. */
export const trouble = signal('');

/** Polls what is being played. */
export async function follow(): Promise<void> {
  for (let round = 0; ; round++) {
    await ask();
    if (round % 10 === 0) runs.value = (await get<ListedRun[]>('/api/runs')) ?? runs.value;
    await new Promise((done) => setTimeout(done, ASK_EVERY_MS));
  }
}

export function start(name: string, pace: 'hand' | 'clock'): Promise<void> {
  return post(`${name}/start`, { pace });
}

/** Ends the current step. */
export async function next(): Promise<void> {
  const { name, waits_for_next } = performance.value ?? {};
  if (name && waits_for_next) await post(`${name}/next`, {});
}

export async function stop(): Promise<void> {
  if (performance.value) await post(`${performance.value.name}/stop`, {});
}

async function ask(): Promise<void> {
  const seen = await get<{ scenarios: Scenario[]; performance?: Performance }>('/api/scenarios');
  trouble.value = seen ? trouble.value : 'The console does not answer.';
  if (!seen) return;
  scenarios.value = seen.scenarios;
  performance.value = seen.performance;
}

async function get<Answer>(path: string): Promise<Answer | undefined> {
  try {
    const response = await fetch(path);
    return response.ok ? ((await response.json()) as Answer) : undefined;
  } catch {
    return undefined;
  }
}

async function post(path: string, body: object): Promise<void> {
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(`/api/scenarios/${path}`, init).catch(() => undefined);
  const { detail } = response && !response.ok ? ((await response.json()) as { detail?: string }) : {};
  trouble.value = response ? (detail ?? '') : 'The console does not answer.';
  await ask();
}

import { signal } from '@preact/signals';
import { say } from './message';

/** What the buttons of the faults ask for. */
export const delayMs = signal(2_900);
export const connections = signal(95);
export const ttlSeconds = signal(900);

type Target = 'product' | 'inventory' | 'order' | 'all';

interface FaultAnswer {
  service: string;
  ok: boolean;
  detail: string;
}

export async function slow(target: Target): Promise<void> {
  await fault(`${target}/slow`, { delay_ms: delayMs.value, ttl_seconds: ttlSeconds.value });
}

export async function exhaust(target: Exclude<Target, 'all'>): Promise<void> {
  await fault(`${target}/exhaust`, { connections: connections.value, ttl_seconds: ttlSeconds.value });
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

/** Undefined when it failed; the page then says so. */
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

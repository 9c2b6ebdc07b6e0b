import { signal } from '@preact/signals';
import type { SessionsView } from '../../src/sessions/sessions-view';

/** Process id of the session that is looked at. */
export const openedPid = signal<number>();
/** All sessions as they were when they were last asked for. */
export const sessions = signal<SessionsView>();

const LOOK_EVERY_MS = 1_000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Looks at a session, again and again until it is closed. */
export function openSession(pid: number): void {
  openedPid.value = pid;
  clearTimeout(timer);
  void keepLooking();
}

export function closeSession(): void {
  openedPid.value = undefined;
  clearTimeout(timer);
}

async function keepLooking(): Promise<void> {
  const response = await fetch('/api/sessions').catch(() => undefined);
  if (response?.ok) sessions.value = await response.json();
  if (openedPid.value !== undefined) timer = setTimeout(() => void keepLooking(), LOOK_EVERY_MS);
}

import { signal } from '@preact/signals';
import type { SessionsView } from '../../src/sessions/sessions-view';

/** Process id of the session that is shown. */
export const openedPid = signal<number>();
/** All sessions at the last poll. */
export const sessions = signal<SessionsView>();

const POLL_EVERY_MS = 1_000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a session, and polls it until it is closed. */
export function openSession(pid: number): void {
  openedPid.value = pid;
  clearTimeout(timer);
  void keepPolling();
}

export function closeSession(): void {
  openedPid.value = undefined;
  clearTimeout(timer);
}

async function keepPolling(): Promise<void> {
  const response = await fetch('/api/sessions').catch(() => undefined);
  if (response?.ok) sessions.value = await response.json();
  if (openedPid.value !== undefined) timer = setTimeout(() => void keepPolling(), POLL_EVERY_MS);
}

import { signal } from '@preact/signals';
import type { SessionsView } from '../../src/sessions/sessions-view';

/** Process id of the session that is shown. */
export const openedPid = signal<number>();
/** All sessions at the last poll. */
export const sessions = signal<SessionsView>();

const POLL_EVERY_MS = 1_000;
let timer: ReturnType<typeof setTimeout> | undefined;
/** The latest polling: an earlier one ends when its answer arrives. */
let polling = 0;

/** Shows a session, and polls it until it is closed. */
export function openSession(pid: number): void {
  endPolling();
  openedPid.value = pid;
  void poll(polling);
}

export function closeSession(): void {
  endPolling();
  openedPid.value = undefined;
}

function endPolling(): void {
  polling += 1;
  clearTimeout(timer);
}

async function poll(own: number): Promise<void> {
  const response = await fetch('/api/sessions').catch(() => undefined);
  if (own !== polling) return;
  if (response?.ok) sessions.value = await response.json();
  timer = setTimeout(() => void poll(own), POLL_EVERY_MS);
}

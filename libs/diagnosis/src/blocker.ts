import type { Root } from './features/sessions';
import { milliseconds } from './words';

/** Such as `pid 4242 (dbadmin, inventory-service), idle in transaction for 3.2 s`. */
export function blockerInWords({ pid, role, application, state, seconds }: Root): string {
  const who = [role, application].filter(Boolean).join(', ');
  return `pid ${pid} (${who}), ${state}, its transaction ${milliseconds(seconds * 1_000)} old`;
}

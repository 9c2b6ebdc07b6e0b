import { setTimeout as pause } from 'node:timers/promises';
import { type Login, logIn, reason } from '../database-login';

// Errors of a server that will be up in a moment: no such name yet, nothing listens, still starting.
const WORTH_WAITING = new Set([
  ...['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'],
  ...['57P03', '53300'],
]);

/**
 * Waits until the server accepts this login.
 *
 * @param seconds after which it gives up; 0 tries once
 * @param waiting called once, with the reason for the wait
 * @throws the last error; at once if waiting cannot help (wrong password, no such database)
 */
export async function waitForDatabase(
  login: Login,
  seconds: number,
  waiting: (why: string) => void,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await logIn(login);
    } catch (error) {
      if (!isWorthWaiting(error) || Date.now() >= deadline) throw error;
      if (attempt === 1) waiting(reason(error));
    }
    await pause(500); // the server is on another machine: nothing announces when it is up
  }
}

function isWorthWaiting(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return WORTH_WAITING.has(code) || /timeout|terminated unexpectedly/i.test(message);
}

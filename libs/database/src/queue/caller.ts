import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<Caller>();

/** Who waits for an answer, and may go away before it. An AbortSignal would do, at ten times the cost per request. */
export class Caller {
  private readonly listeners = new Set<() => void>();
  /** Whether nobody waits any more. */
  gone = false;

  leave(): void {
    this.gone = true;
    for (const listener of [...this.listeners]) listener();
  }

  /** Calls back if the caller goes away before `settled` was called with the same function. */
  onceGone(listener: () => void): void {
    this.listeners.add(listener);
  }

  settled(listener: () => void): void {
    this.listeners.delete(listener);
  }
}

/**
 * Runs `work` for a caller. When it goes away, a statement of that work ends, wherever it is: in the queue it gives up
 * its place, in PostgreSQL its connection is closed and the server stops within 500 ms
 * (`client_connection_check_interval`).
 */
export function forCaller<T>(caller: Caller, work: () => T): T {
  return storage.run(caller, work);
}

/** The caller the running code works for; undefined if it works for none. */
export function currentCaller(): Caller | undefined {
  return storage.getStore();
}

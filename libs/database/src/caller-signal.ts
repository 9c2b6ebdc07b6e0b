import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<AbortSignal>();

/**
 * Runs `work` for a caller that may go away. When `signal` aborts, a statement of that work ends, wherever it is:
 * in the queue it gives up its place, in PostgreSQL its connection is closed and the server stops within 500 ms
 * (`client_connection_check_interval`).
 */
export function forCaller<T>(signal: AbortSignal, work: () => T): T {
  return storage.run(signal, work);
}

/** Signal of the caller the running code works for; undefined if it works for none. */
export function callerSignal(): AbortSignal | undefined {
  return storage.getStore();
}

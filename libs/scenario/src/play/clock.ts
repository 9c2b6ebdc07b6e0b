import { setTimeout } from 'node:timers/promises';

/** Time as the player knows it. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** @throws the reason of the signal, when it is given */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  async sleep(ms, signal) {
    signal.throwIfAborted();
    await setTimeout(ms, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  },
};

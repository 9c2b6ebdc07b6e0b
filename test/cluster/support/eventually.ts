import { setTimeout } from 'node:timers/promises';

/** Repeats until it no longer throws, because a cluster does not announce when it is done. */
export async function eventually<T>(what: () => Promise<T>, withinMs = 60_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await what();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await setTimeout(250);
  }
}

import { setTimeout } from 'node:timers/promises';

/**
 * Repeats an expectation until it holds, for actions of another process that does not announce when it is done.
 * @param withinMs generous: a machine under load is slow, a defect never ends
 */
export async function eventually<T>(expectation: () => T | Promise<T>, withinMs = 20_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await setTimeout(20);
  }
}

import { setTimeout } from 'node:timers/promises';

/** Repeats an expectation until it holds, because another process does not announce when it is done. */
export async function eventually(expectation: () => Promise<void>, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await setTimeout(50);
  }
}

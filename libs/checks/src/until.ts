import { setTimeout } from 'node:timers/promises';

/** Whether the condition became true in time; it is polled, because nothing announces it. */
export async function until(withinMs: number, condition: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await setTimeout(100);
  }
  return true;
}

import { ScenarioFailed } from './player-words';
import { SAMPLE_EVERY_MS, type Stage } from './stage';

/** Milliseconds that a system has to come to rest, and a diagnosis to find nothing once nobody waits any more. */
const REST_MS = 60_000;
const HEALTHY_MS = 15_000;

/**
 * Waits until no fault is on and nobody waits. What the diagnosis still names then has 15 s to end, and is reported.
 * @throws ScenarioFailed where something is on that this scenario did not switch on
 */
export async function waitForRest({ clock, deployment, tell }: Stage, signal: AbortSignal): Promise<void> {
  const began = clock.now();
  tell('waiting until the system is at rest');
  for (;;) {
    const observed = deployment.observe();
    const { faults = [], waiting = 1, lock = 1, named = [] } = observed ?? {};
    const calm = observed && faults.length === 0 && waiting === 0 && lock === 0;
    if (calm && named.length === 0)
      return tell(`at rest: ${observed.open} of ${observed.max} connections open, nobody waits`);
    if (clock.now() > began + (calm ? HEALTHY_MS : REST_MS)) {
      if (calm) return tell(`begins although the diagnosis is ${named.join(', ')}`);
      if (!observed) throw new ScenarioFailed('the console says nothing: is it there?');
      throw new ScenarioFailed(
        `the system does not come to rest: ${faults.join(', ') || `${waiting} requests wait, ${lock} sessions wait for locks`}; end faults with: npm run fault -- stop`,
      );
    }
    await clock.sleep(SAMPLE_EVERY_MS, signal);
  }
}

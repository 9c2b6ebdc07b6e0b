import { type Known, parseCondition } from '../format/condition';
import type { Scenario } from '../format/scenario';
import type { StepRun } from '../run/run';
import { figureOfStep } from './figures-of';
import type { Stage } from './stage';

/**
 * Writes into each step its numbers and what they prove, once all its journeys have ended.
 * @param endedAt seconds of the timeline at which a step ended that nothing else ended
 */
export function finishSteps(
  scenario: Scenario,
  steps: readonly StepRun[],
  { load, tell }: Stage,
  endedAt: number,
): void {
  for (const [index, run] of steps.entries()) {
    const totals = load.steps[index];
    if (!totals) continue;
    run.operations = totals.figures();
    run.dropped = totals.dropped;
    if (run.ended === run.at) run.ended = endedAt;
    for (const condition of scenario.steps[index]?.expect ?? []) {
      const known: Known = {
        figure: (name, operation) => figureOfStep(name, operation, run, totals),
        named: run.named,
        passes: () => false,
      };
      const { holds, evidence } = parseCondition(condition).test(known);
      run.expect.push({ condition, holds, evidence });
      tell(`step ${index + 1}, ${condition}: ${holds ? 'yes' : 'NO'} (${evidence})`);
    }
  }
}

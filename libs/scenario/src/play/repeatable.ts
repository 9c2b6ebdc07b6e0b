import type { Run, StepRun } from '../run/run';

/** Share of arrivals that may be sent late: more, and the machine decided what was measured. */
const MOST_LATE = 0.01;

/** Why another run of the same seed may not be held against this one; empty where it may. */
export function unrepeatable(
  steps: readonly StepRun[],
  {
    how,
    heldUpMs,
    byHand,
    lost,
  }: { how: Run['how']; heldUpMs: number; byHand: boolean; lost: readonly string[] },
): string[] {
  const figures = steps.flatMap(({ operations }) => operations);
  const sent = figures.reduce((sum, one) => sum + one.sent, 0);
  const late = figures.reduce((sum, one) => sum + one.late, 0);
  const dropped = steps.reduce((sum, step) => sum + step.dropped, 0);
  return [
    ...(how === 'finished' ? [] : ['it did not come to its end']),
    ...(late > MOST_LATE * sent
      ? [`${late} of ${sent} arrivals were late, more than 1 %: this machine was too busy`]
      : []),
    ...(dropped > 0 ? [`${dropped} arrivals were not sent at all`] : []),
    ...(heldUpMs > 0 ? [`the timeline was held up for ${(heldUpMs / 1_000).toFixed(1)} s`] : []),
    ...lost,
    ...(byHand ? ['a person decided when a step was over'] : []),
  ];
}

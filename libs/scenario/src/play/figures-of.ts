import type { EndedJourney, LoadTotals, OperationFigures } from '@app/load';
import { failures, type StepRun } from '../run/run';
import type { Observation } from './deployment';

/** Seconds that numbers of now look back. */
const RECENT_S = 3;

/** The figures of now. */
export function figureOfNow(
  name: string,
  operation: string | undefined,
  observed: Observation | undefined,
  recent: readonly EndedJourney[],
): number | null | undefined {
  if (observed && name in observed && typeof observed[name as keyof Observation] === 'number')
    return observed[name as 'open'];
  if (name === 'faults') return observed?.faults.length;
  const journeys = recent.filter((journey) => !operation || journey.operation === operation);
  const failed = journeys.filter(hasFailed).length;
  const times = journeys.map(({ ms }) => ms).sort((a, b) => a - b);
  if (name === 'failed_per_second') return failed / RECENT_S;
  if (journeys.length === 0) return null;
  if (name === 'served_percent') return 100 - (failed / journeys.length) * 100;
  if (name === 'tries_per_journey')
    return journeys.reduce((sum, { tries }) => sum + tries, 0) / journeys.length;
  return times[Math.ceil(times.length * (name === 'p50_ms' ? 0.5 : 0.95)) - 1];
}

export function hasFailed({ outcome }: EndedJourney): boolean {
  return outcome !== 'ok' && outcome !== 'conflict';
}

/** The figures of a step that is over. */
export function figureOfStep(
  name: string,
  operation: string | undefined,
  { most }: Pick<StepRun, 'most'>,
  totals: LoadTotals,
): number | null | undefined {
  if (name === 'most_open') return most.open;
  if (name === 'most_waiting') return most.waiting;
  if (name === 'most_lock') return most.lock;
  const of = operation
    ? totals.figures().find((figures) => figures.operation === operation)
    : { ...all(totals.figures()), ...totals.percentiles() };
  if (!of) return undefined;
  const failed = failures(of);
  const share = of.sent > 0 ? (failed / of.sent) * 100 : null;
  const figures: Record<string, number | null> = {
    sent: of.sent,
    failed,
    failed_percent: share,
    served_percent: share === null ? null : 100 - share,
    tries_per_journey: of.sent > 0 ? of.tries / of.sent : null,
    p50_ms: of.p50_ms,
    p95_ms: of.p95_ms,
  };
  return figures[name];
}

/** Counts of all operations together. */
function all(operations: readonly OperationFigures[]): OperationFigures {
  const sum = { ...operations[0] } as OperationFigures;
  for (const key of Object.keys(sum) as (keyof OperationFigures)[])
    if (typeof sum[key] === 'number' && !key.endsWith('_ms'))
      (sum as unknown as Record<string, number>)[key] = operations.reduce(
        (total, one) => total + Number(one[key]),
        0,
      );
  return sum;
}

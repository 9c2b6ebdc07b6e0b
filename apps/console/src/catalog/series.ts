import type { Cell } from './timeline';
import { Totals } from './totals';

/** Points of a chart, at most. */
const MOST_POINTS = 90;

/** One column per figure, one entry per step: what a chart draws. */
export interface Series {
  /** Unix seconds at the start of each step. */
  time: number[];
  average_ms: (number | null)[];
  p50_ms: (number | null)[];
  p75_ms: (number | null)[];
  p90_ms: (number | null)[];
  p95_ms: (number | null)[];
  p99_ms: (number | null)[];
  queries_per_second: number[];
  failures_per_second: number[];
}

/**
 * The figures over time.
 *
 * @param last the latest second that is shown, which is one that is over
 */
export function seriesOf(cells: readonly Cell[], first: number, last: number): Series {
  const step = Math.ceil((last - first + 1) / MOST_POINTS);
  // Aligned to the clock, so that a step keeps its spans while the window moves on.
  const begin = Math.ceil(first / step) * step;
  const steps = Array.from(
    { length: Math.max(0, Math.floor((last + 1 - begin) / step)) },
    () => new Totals(),
  );
  for (const { second, totals } of cells) steps[Math.floor((second - begin) / step)]?.merge(totals);
  const quantiles = (share: number) => steps.map((totals) => totals.quantileMs(share));
  return {
    time: steps.map((_, index) => begin + index * step),
    average_ms: steps.map((totals) => totals.averageMs),
    p50_ms: quantiles(0.5),
    p75_ms: quantiles(0.75),
    p90_ms: quantiles(0.9),
    p95_ms: quantiles(0.95),
    p99_ms: quantiles(0.99),
    queries_per_second: steps.map(({ count }) => count / step),
    failures_per_second: steps.map(({ failures }) => failures / step),
  };
}

import type { Totals } from './totals';

/** The figures of a row, in the words and formulas of database views. Milliseconds; null without any query. */
export interface Statistics {
  average_ms: number | null;
  p50_ms: number | null;
  p75_ms: number | null;
  p90_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
  /** Time of all queries together. */
  total_ms: number;
  queries: number;
  queries_per_second: number;
  failures: number;
  failures_percent: number;
  failures_per_second: number;
  failures_per_minute: number;
}

/** @param seconds length of the time that the totals are of */
export function statistics(totals: Totals, seconds: number): Statistics {
  const { count, failures } = totals;
  return {
    average_ms: totals.averageMs,
    p50_ms: totals.quantileMs(0.5),
    p75_ms: totals.quantileMs(0.75),
    p90_ms: totals.quantileMs(0.9),
    p95_ms: totals.quantileMs(0.95),
    p99_ms: totals.quantileMs(0.99),
    total_ms: totals.sumMs,
    queries: count,
    queries_per_second: count / seconds,
    failures,
    failures_percent: count === 0 ? 0 : (failures / count) * 100,
    failures_per_second: failures / seconds,
    failures_per_minute: (failures / seconds) * 60,
  };
}

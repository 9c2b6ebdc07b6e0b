import type { Reading, Totals } from './totals';

/** The numbers of a row, with the names and formulas of database views. In milliseconds; null if there are no queries. */
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

/** The same numbers for the last seconds: the present state of a row, beside that of the whole window. */
export type Now = Pick<
  Statistics,
  'average_ms' | 'p99_ms' | 'queries_per_second' | 'failures_per_second' | 'failures_percent'
>;

/** @param seconds length of the period of the totals */
export function statistics(totals: Totals, seconds: number, reading: Reading): Statistics {
  const { count, failures } = totals;
  const [p50, p75, p90, p95, p99] = totals.quantilesMs([0.5, 0.75, 0.9, 0.95, 0.99], reading);
  return {
    average_ms: totals.averageMs(reading),
    p50_ms: p50 ?? null,
    p75_ms: p75 ?? null,
    p90_ms: p90 ?? null,
    p95_ms: p95 ?? null,
    p99_ms: p99 ?? null,
    total_ms: totals.sumMs,
    queries: count,
    queries_per_second: count / seconds,
    failures,
    failures_percent: failedPercent(totals),
    failures_per_second: failures / seconds,
    failures_per_minute: (failures / seconds) * 60,
  };
}

/**
 * @param arrived what has been received of the last seconds, up to this moment
 * @param complete the last seconds of which everything has been received
 * @param seconds length of the latter
 */
export function nowOf(arrived: Totals, complete: Totals, seconds: number, reading: Reading): Now {
  return {
    average_ms: arrived.averageMs(reading),
    p99_ms: arrived.quantilesMs([0.99], reading)[0] ?? null,
    queries_per_second: complete.count / seconds,
    failures_per_second: complete.failures / seconds,
    failures_percent: failedPercent(arrived),
  };
}

function failedPercent({ count, failures }: Totals): number {
  return count === 0 ? 0 : (failures / count) * 100;
}

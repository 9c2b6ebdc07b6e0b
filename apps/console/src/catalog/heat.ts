/** Shortest duration that has a row of its own; shorter ones are in its row. */
const FROM_MS = 0.1;
/** Rows to a factor of ten: each ends at 1.33 times its beginning. */
const PER_DECADE = 8;
/** Up to 31.6 s; longer durations are in the last row. */
const ROWS = 44;

/** Numbers by row. */
export type Rows = Map<number, number>;

/**
 * How many statements took how long, and how many requests waited how long for a connection. Row `n` begins at
 * `from_ms × 10^(n / per_decade)`. An entry for each step: row, number, row, number and so on.
 */
export interface Heat {
  from_ms: number;
  per_decade: number;
  rows: number;
  running: number[][];
  waiting: number[][];
}

export function heatOf(running: readonly Rows[], waiting: readonly Rows[]): Heat {
  const flat = (steps: readonly Rows[]) => steps.map((rows) => [...rows].flat());
  return {
    ...{ from_ms: FROM_MS, per_decade: PER_DECADE, rows: ROWS },
    ...{ running: flat(running), waiting: flat(waiting) },
  };
}

export function addToRow(rows: Rows, ms: number, count = 1): void {
  const row = rowOf(ms);
  rows.set(row, (rows.get(row) ?? 0) + count);
}

export function mergeRows(rows: Rows, others: Rows): void {
  for (const [row, count] of others) rows.set(row, (rows.get(row) ?? 0) + count);
}

function rowOf(ms: number): number {
  const row = Math.floor(Math.log10(Math.max(FROM_MS, ms) / FROM_MS) * PER_DECADE);
  return Math.min(ROWS - 1, row);
}

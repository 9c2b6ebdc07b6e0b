import type { Now, Statistics } from '../../src/catalog/statistics';
import { duration, percent, rate, whole } from '../format';

/** What every row of the catalog has. */
export type RowNumbers = Statistics & { now: Now };

/** A column of numbers. */
export interface NumberColumn {
  title: string;
  /** The value to sort by. */
  value: (row: RowNumbers) => number | null;
  shown: (value: number | null) => string;
  /** Its field in the current numbers: only columns with one are compared with the baseline. */
  now?: keyof Now;
  /** Whether any value but 0 is bad. */
  failure?: true;
}

const time = (title: string, value: NumberColumn['value'], now?: keyof Now): NumberColumn => ({
  title,
  value,
  shown: duration,
  now,
});
const counted = (
  title: string,
  value: NumberColumn['value'],
  shown: (value: number) => string,
  more: Partial<NumberColumn> = {},
): NumberColumn => ({ title, value, shown: (number) => shown(number ?? 0), ...more });

export const NUMBER_COLUMNS: NumberColumn[] = [
  time('Avg now', ({ now }) => now.average_ms, 'average_ms'),
  time('Avg', ({ average_ms }) => average_ms),
  time('P50', ({ p50_ms }) => p50_ms),
  time('P90', ({ p90_ms }) => p90_ms),
  time('P95', ({ p95_ms }) => p95_ms),
  time('P99', ({ p99_ms }) => p99_ms),
  time('Total time', ({ total_ms }) => total_ms),
  counted('Queries/s now', ({ now }) => now.queries_per_second, rate, { now: 'queries_per_second' }),
  counted('Queries', ({ queries }) => queries, whole),
  counted('Errors now', ({ now }) => now.failures_percent, percent, {
    now: 'failures_percent',
    failure: true,
  }),
  counted('Errors', ({ failures }) => failures, whole, { failure: true }),
];

const only = (...titles: string[]) => NUMBER_COLUMNS.filter(({ title }) => titles.includes(title));

/** The columns for statements, which leave room for their long text. */
export const STATEMENT_COLUMNS = only('Avg now', 'Avg', 'P95', 'P99', 'Queries/s now', 'Queries', 'Errors');
export const DATABASE_COLUMNS = only(
  'Avg now',
  'Avg',
  'Total time',
  'Queries/s now',
  'Queries',
  'Errors now',
  'Errors',
);

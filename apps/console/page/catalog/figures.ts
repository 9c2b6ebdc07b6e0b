import type { Now, Statistics } from '../../src/catalog/statistics';
import { duration, percent, rate, whole } from '../format';

/** What every row of the catalog has. */
export type Figured = Statistics & { now: Now };

/** A column of figures. */
export interface Figure {
  title: string;
  /** What it is sorted by. */
  value: (row: Figured) => number | null;
  shown: (value: number | null) => string;
  /** Which figure of now it is: only such are compared with the baseline. */
  now?: keyof Now;
  /** Whether anything but 0 is bad. */
  failure?: true;
}

const time = (title: string, value: Figure['value'], now?: keyof Now): Figure => ({
  title,
  value,
  shown: duration,
  now,
});
const counted = (
  title: string,
  value: Figure['value'],
  shown: (value: number) => string,
  more: Partial<Figure> = {},
): Figure => ({ title, value, shown: (number) => shown(number ?? 0), ...more });

export const FIGURES: Figure[] = [
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

const only = (...titles: string[]) => FIGURES.filter(({ title }) => titles.includes(title));

/** Those of a statement, beside its long text. */
export const STATEMENT_FIGURES = only('Avg now', 'Avg', 'P95', 'P99', 'Queries/s now', 'Queries', 'Errors');
export const DATABASE_FIGURES = only(
  'Avg now',
  'Avg',
  'Total time',
  'Queries/s now',
  'Queries',
  'Errors now',
  'Errors',
);

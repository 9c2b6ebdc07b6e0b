import { DDSketch } from '@datadog/sketches-js';
import { addToRow, type Rows } from './heat';

/** Upper bounds of the buckets in milliseconds, each inclusive; the same as in the collector's configuration. */
export const BOUNDS_MS = [1, 4, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 2_500, 3_000, 5_000, 10_000];

/**
 * How times are read. `measured`: of statements that ran, percentiles with a relative error of 1 %. `span-metrics`: of
 * all spans, as a collector's span metrics show them, percentiles from the buckets of a histogram.
 */
export const READINGS = ['measured', 'span-metrics'] as const;

export type Reading = (typeof READINGS)[number];

const ACCURACY = { relativeAccuracy: 0.01 };
/** Only used to find the value that represents those near it. */
const { mapping } = new DDSketch(ACCURACY);
/** Milliseconds below which all values count as equal: less than any clock here can measure. */
const SHORTEST_MS = 0.001;

/** What is kept of a number of spans: count, time and failures, a histogram of all, and a sketch of those that ran. */
export class Totals {
  count = 0;
  /** Milliseconds. */
  sumMs = 0;
  failures = 0;
  ran = 0;
  ranMs = 0;
  readonly buckets = new Uint32Array(BOUNDS_MS.length + 1);
  /** Numbers of statements by approximate duration in milliseconds. Few are in one second: a sketch would be larger. */
  private readonly times = new Map<number, number>();

  /** @param ran false for a statement that got no connection: its time was not spent in the database */
  add(durationMs: number, failed: boolean, ran = true): void {
    this.count += 1;
    this.sumMs += durationMs;
    if (failed) this.failures += 1;
    const bucket = BOUNDS_MS.findIndex((bound) => durationMs <= bound);
    const index = bucket === -1 ? BOUNDS_MS.length : bucket;
    this.buckets[index] = (this.buckets[index] ?? 0) + 1;
    if (!ran) return;
    this.ran += 1;
    this.ranMs += durationMs;
    const about = mapping.value(mapping.key(Math.max(SHORTEST_MS, durationMs)));
    this.times.set(about, (this.times.get(about) ?? 0) + 1);
  }

  merge(other: Totals): this {
    this.count += other.count;
    this.sumMs += other.sumMs;
    this.failures += other.failures;
    this.ran += other.ran;
    this.ranMs += other.ranMs;
    // This runs for each second of each statement: an iterator would make an array for each bucket.
    for (let index = 0; index < this.buckets.length; index += 1)
      this.buckets[index] = (this.buckets[index] ?? 0) + (other.buckets[index] ?? 0);
    for (const [about, count] of other.times) this.times.set(about, (this.times.get(about) ?? 0) + count);
    return this;
  }

  /** Statements that ran, by rows of the heat map. */
  get rows(): Rows {
    const rows: Rows = new Map();
    for (const [about, count] of this.times) addToRow(rows, about, count);
    return rows;
  }

  /** Milliseconds; null if there are no spans. */
  averageMs(reading: Reading): number | null {
    const [count, sum] = reading === 'measured' ? [this.ran, this.ranMs] : [this.count, this.sumMs];
    return count === 0 ? null : sum / count;
  }

  /** Milliseconds below which each of these shares of the values is. */
  quantilesMs(shares: readonly number[], reading: Reading): (number | null)[] {
    if (reading === 'span-metrics') return shares.map((share) => this.bucketQuantileMs(share));
    if (this.ran === 0) return shares.map(() => null);
    const sketch = new DDSketch(ACCURACY);
    for (const [about, count] of this.times) sketch.accept(about, count);
    return shares.map((share) => sketch.getValueAtQuantile(share));
  }

  /** As PromQL's `histogram_quantile` computes it: evenly spread inside a bucket, the last bound for what is beyond it. */
  private bucketQuantileMs(share: number): number | null {
    if (this.count === 0) return null;
    const rank = share * this.count;
    let below = 0;
    for (const [index, upper] of BOUNDS_MS.entries()) {
      const inside = this.buckets[index] ?? 0;
      const lower = BOUNDS_MS[index - 1] ?? 0;
      if (inside > 0 && below + inside >= rank) return lower + ((upper - lower) * (rank - below)) / inside;
      below += inside;
    }
    return BOUNDS_MS.at(-1) ?? null;
  }
}

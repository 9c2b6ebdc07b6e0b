/** Upper bounds of the buckets in milliseconds, each included; the ones a collector is given for this demo. */
export const BOUNDS_MS = [1, 4, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 2_500, 3_000, 5_000, 10_000];

/** What span metrics keep of a number of spans: their count, their time, their failures and a histogram. */
export class Totals {
  count = 0;
  /** Milliseconds. */
  sumMs = 0;
  failures = 0;
  readonly buckets = new Uint32Array(BOUNDS_MS.length + 1);

  add(durationMs: number, failed: boolean): void {
    this.count += 1;
    this.sumMs += durationMs;
    if (failed) this.failures += 1;
    const bucket = BOUNDS_MS.findIndex((bound) => durationMs <= bound);
    const index = bucket === -1 ? BOUNDS_MS.length : bucket;
    this.buckets[index] = (this.buckets[index] ?? 0) + 1;
  }

  merge(other: Totals): this {
    this.count += other.count;
    this.sumMs += other.sumMs;
    this.failures += other.failures;
    for (const [index, count] of other.buckets.entries())
      this.buckets[index] = (this.buckets[index] ?? 0) + count;
    return this;
  }

  /** Milliseconds; null without any span. */
  get averageMs(): number | null {
    return this.count === 0 ? null : this.sumMs / this.count;
  }

  /**
   * Milliseconds below which that share of the spans lies, read from the histogram as `histogram_quantile` of
   * PromQL reads it: evenly spread inside a bucket, the last bound for what is beyond it.
   */
  quantileMs(share: number): number | null {
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

/** Logarithm of the ratio of neighbouring buckets: percentiles are off by 1 % at most. */
const GROWTH = Math.log(1.02);
/** Upper bound of the first bucket, in milliseconds. */
const FIRST_MS = 0.1;
/** The last bucket reaches 3 minutes, longer than any request may take. */
const BUCKETS = 730;

/** Durations of any number of requests, in bounded memory. */
export class Latencies {
  private readonly buckets = new Uint32Array(BUCKETS);
  private count = 0;

  add(ms: number): void {
    const index = Math.ceil(Math.log(Math.max(ms, FIRST_MS) / FIRST_MS) / GROWTH);
    const bucket = Math.min(index, BUCKETS - 1);
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
    this.count += 1;
  }

  merge(other: Latencies): void {
    for (const [index, count] of other.buckets.entries())
      this.buckets[index] = (this.buckets[index] ?? 0) + count;
    this.count += other.count;
  }

  /** Milliseconds within which this share of the requests ended; null if there were none. */
  quantile(share: number): number | null {
    if (this.count === 0) return null;
    let rest = Math.ceil(share * this.count);
    const index = this.buckets.findIndex((count) => {
      rest -= count;
      return rest <= 0;
    });
    // The middle of the bucket.
    return FIRST_MS * Math.exp((index - 0.5) * GROWTH);
  }
}

import type { Histogram } from '../sample';

/** How long something took. Milliseconds. */
export interface Durations {
  count: number;
  mean: number;
  p50: number;
  p99: number;
  /** Nearly no value was lower: 95 % took longer. */
  floor: number;
}

/** What a histogram counted between two samples; one that started again in between is used as it is. */
export function growth(last: Histogram, first: Histogram | undefined): Histogram {
  if (!first || last.count < first.count) return last;
  return {
    count: last.count - first.count,
    sum: last.sum - first.sum,
    buckets: last.buckets.map((count, bucket) => count - (first.buckets[bucket] ?? 0)),
  };
}

export function together(histograms: readonly Histogram[]): Histogram {
  const buckets: number[] = [];
  for (const histogram of histograms)
    histogram.buckets.forEach((count, bucket) => {
      buckets[bucket] = (buckets[bucket] ?? 0) + count;
    });
  return {
    count: histograms.reduce((total, { count }) => total + count, 0),
    sum: histograms.reduce((total, { sum }) => total + sum, 0),
    buckets,
  };
}

/** @param bounds upper bounds of the buckets, in seconds */
export function durations(histogram: Histogram, bounds: readonly number[]): Durations {
  const { count, sum } = histogram;
  return {
    count,
    mean: count > 0 ? (sum / count) * 1_000 : 0,
    p50: quantile(histogram, bounds, 0.5),
    p99: quantile(histogram, bounds, 0.99),
    floor: (bounds[bucketOf(histogram, 0.05) - 1] ?? 0) * 1_000,
  };
}

/** Computed as dashboards do it: linearly interpolated within its bucket. */
function quantile(histogram: Histogram, bounds: readonly number[], share: number): number {
  if (histogram.count === 0) return 0;
  const bucket = bucketOf(histogram, share);
  const lower = bounds[bucket - 1] ?? 0;
  const upper = bounds[bucket];
  if (upper === undefined) return lower * 1_000;
  const below = histogram.buckets[bucket - 1] ?? 0;
  const inside = (histogram.buckets[bucket] ?? 0) - below;
  return (lower + ((upper - lower) * (share * histogram.count - below)) / Math.max(inside, 1e-9)) * 1_000;
}

/** The bucket in which this share of the values is reached. */
function bucketOf({ buckets, count }: Histogram, share: number): number {
  const reached = buckets.findIndex((upTo) => upTo >= share * count && upTo > 0);
  return reached < 0 ? buckets.length : reached;
}

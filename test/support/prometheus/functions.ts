import type { Sample } from './recording';

/**
 * Increase of a counter per second, as Prometheus computes it: across resets of the counter, and extrapolated to the
 * limits of the range if the samples come near them. Undefined for fewer than two samples.
 */
export function rate(samples: Sample[], from: number, to: number): number | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last || samples.length < 2) return undefined;
  let increase = last.value - first.value;
  for (const [index, { value }] of samples.entries()) {
    const before = samples[index - 1];
    if (before && value < before.value) increase += before.value;
  }
  const sampled = last.at - first.at;
  const apart = sampled / (samples.length - 1);
  const threshold = apart * 1.1;
  let before = first.at - from;
  if (before >= threshold) before = apart / 2;
  // A counter is never below zero, so it is not extrapolated back beyond zero.
  if (increase > 0 && first.value >= 0) before = Math.min(before, sampled * (first.value / increase));
  let after = to - last.at;
  if (after >= threshold) after = apart / 2;
  return (increase * ((sampled + before + after) / sampled)) / (to - from);
}

/** The quantile of a histogram with cumulative counts, as Prometheus computes it: linear within a bucket. */
export function histogramQuantile(quantile: number, unsorted: { le: number; count: number }[]): number {
  const buckets = unsorted.toSorted((a, b) => a.le - b.le);
  const observations = buckets.at(-1)?.count ?? 0;
  if (buckets.length < 2 || buckets.at(-1)?.le !== Number.POSITIVE_INFINITY || observations === 0)
    return Number.NaN;
  const rank = quantile * observations;
  const index = buckets.findIndex(({ count }) => count >= rank);
  const below = buckets[index - 1];
  if (index === buckets.length - 1) return below?.le ?? Number.NaN;
  const { le, count } = buckets[index] ?? { le: Number.NaN, count: Number.NaN };
  if (!below) return le <= 0 ? le : le * (rank / count);
  return below.le + (le - below.le) * ((rank - below.count) / (count - below.count));
}

/**
 * What a high percentile reads as when every value is the same: backends take values to be spread evenly over their
 * bucket. Infinite above the last bound.
 *
 * @param bounds upper bounds of all buckets but the last, ascending
 */
export function readsAs(bounds: readonly number[], value: number, percentile = 0.95): number {
  const at = bounds.findIndex((bound) => value <= bound);
  if (at < 0) return Number.POSITIVE_INFINITY;
  const below = at === 0 ? 0 : (bounds[at - 1] ?? 0);
  return below + ((bounds[at] ?? 0) - below) * percentile;
}

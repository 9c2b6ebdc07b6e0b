/**
 * What a high percentile reads as when every value is the same: backends assume that values are spread evenly over
 * their bucket. Infinite above the last bound.
 *
 * @param bounds ascending upper bounds of all buckets but the last
 */
export function readsAs(bounds: readonly number[], value: number, percentile = 0.95): number {
  const at = bounds.findIndex((bound) => value <= bound);
  if (at < 0) return Number.POSITIVE_INFINITY;
  const below = at === 0 ? 0 : (bounds[at - 1] ?? 0);
  return below + ((bounds[at] ?? 0) - below) * percentile;
}

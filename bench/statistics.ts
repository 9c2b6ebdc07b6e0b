/** The median of some numbers, and the ends of all of them or of their middle half. */
export interface Spread {
  min: number;
  median: number;
  max: number;
}

export function spread(numbers: number[]): Spread {
  const sorted = numbers.toSorted((one, other) => one - other);
  return { min: sorted[0] ?? Number.NaN, median: quantile(sorted, 0.5), max: sorted.at(-1) ?? Number.NaN };
}

/** For many numbers, of which one at the end says little. */
export function middleHalf(numbers: number[]): Spread {
  const sorted = numbers.toSorted((one, other) => one - other);
  return { min: quantile(sorted, 0.25), median: quantile(sorted, 0.5), max: quantile(sorted, 0.75) };
}

/** Median, 95th and 99th percentile. */
export function summary(numbers: number[]): { p50: number; p95: number; p99: number } {
  const sorted = numbers.toSorted((one, other) => one - other);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99) };
}

/** The quantile of sorted numbers, interpolated linearly. */
function quantile(sorted: number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(position)] as number, sorted[Math.ceil(position)] as number];
  return below + (above - below) * (position - Math.floor(position));
}

/** The middle of a row of figures, and the ends of the row or of its middle half. */
export interface Spread {
  min: number;
  median: number;
  max: number;
}

export function spread(figures: number[]): Spread {
  const sorted = figures.toSorted((one, other) => one - other);
  return { min: sorted[0] ?? Number.NaN, median: quantile(sorted, 0.5), max: sorted.at(-1) ?? Number.NaN };
}

/** For many figures, of which one at the end says little. */
export function middleHalf(figures: number[]): Spread {
  const sorted = figures.toSorted((one, other) => one - other);
  return { min: quantile(sorted, 0.25), median: quantile(sorted, 0.5), max: quantile(sorted, 0.75) };
}

/** Median, 95th and 99th percentile. */
export function summary(figures: number[]): { p50: number; p95: number; p99: number } {
  const sorted = figures.toSorted((one, other) => one - other);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99) };
}

/** Of sorted figures, with straight lines between them. */
function quantile(sorted: number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return below + (above - below) * (place - Math.floor(place));
}

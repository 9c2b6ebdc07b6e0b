export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** 0 if there are no numbers. */
export function mean(numbers: readonly number[]): number {
  return numbers.length > 0 ? sum(numbers) / numbers.length : 0;
}

/** 0 if there are no numbers. */
export function highest(numbers: readonly number[]): number {
  return Math.max(0, ...numbers);
}

/** How much a number grew each second, computed from the means of the two halves of a window. */
export function slope(numbers: readonly number[], seconds: number): number {
  const half = Math.floor(numbers.length / 2);
  if (half === 0 || seconds === 0) return 0;
  return (mean(numbers.slice(-half)) - mean(numbers.slice(0, half))) / (seconds / 2);
}

import type { Figure } from './row';

/**
 * A time that must not be exceeded.
 * @param roomMs how much longer it may take on a busy machine
 */
export function within(name: string, measuredMs: number, limitMs: number, roomMs = 0): Figure {
  return {
    name,
    measured: milliseconds(measuredMs),
    mustReach: `<= ${milliseconds(limitMs)}`,
    holds: measuredMs <= limitMs + roomMs,
  };
}

/** A count that must be exactly this. */
export function exactly(name: string, measured: number | string, expected: number | string): Figure {
  return { name, measured: String(measured), mustReach: String(expected), holds: measured === expected };
}

/** Each kind of what should not have happened, once; `none` if there is nothing. */
export function distinct(values: (string | number)[]): string {
  if (values.length === 0) return 'none';
  return `${values.length}: ${[...new Set(values)].join(', ')}`;
}

function milliseconds(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

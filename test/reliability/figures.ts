import type { Figure } from './row';

/**
 * A time that must not be exceeded.
 * @param roomMs how much longer it may take on a machine that does other things too
 */
export function within(name: string, measuredMs: number, limitMs: number, roomMs = 0): Figure {
  return {
    name,
    measured: milliseconds(measuredMs),
    mustReach: `<= ${milliseconds(limitMs)}`,
    holds: measuredMs <= limitMs + roomMs,
  };
}

/** A count that must come out exactly so. */
export function exactly(name: string, measured: number | string, expected: number | string): Figure {
  return { name, measured: String(measured), mustReach: String(expected), holds: measured === expected };
}

/** What should not have been, each kind once; `none` without any. */
export function distinct(values: (string | number)[]): string {
  if (values.length === 0) return 'none';
  return `${values.length}: ${[...new Set(values)].join(', ')}`;
}

function milliseconds(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

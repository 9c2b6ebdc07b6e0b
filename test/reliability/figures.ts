import type { CauseName } from '@app/database';
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

/** The causes that failed answers named: all of them must be among these. */
export function causesAmong(
  name: string,
  named: (string | undefined)[],
  expected: readonly CauseName[],
): Figure {
  const holds = named.every((cause) => expected.some((one) => one === cause));
  return { name, measured: counts(named), mustReach: `only ${expected.join(', ')}`, holds };
}

/** How often each value occurs, in the order of the alphabet; `none` if there is nothing. */
export function counts(values: (string | undefined)[]): string {
  const sorted = values.map(String).sort();
  const lines = [...new Set(sorted)].map(
    (value) => `${sorted.lastIndexOf(value) - sorted.indexOf(value) + 1} ${value}`,
  );
  return lines.join(', ') || 'none';
}

/** Each kind of what should not have happened, once; `none` if there is nothing. */
export function distinct(values: (string | number)[]): string {
  if (values.length === 0) return 'none';
  return `${values.length}: ${[...new Set(values)].join(', ')}`;
}

function milliseconds(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

import type { Case } from './case';

/** So many connections may be idle without a pool that tells of them. */
const FEW = 3.5;
/** One a second and slower is no burst: seconds in which four fifths of them fell silent. */
const ONE_BY_ONE_S = 2;

/** Connections of the services' role that are taken, and idle for the server. */
export interface Kept {
  connections: number;
  /** By service or program, the one with most of them. */
  by: string;
  /** How many a second fell silent for good, while it went on. */
  perSecond: number;
  /** Whether it was one after the other, and not all at once. */
  oneByOne: boolean;
  /** Seconds in which four fifths of them fell silent. */
  spread: number;
}

/** What a leak and somebody who takes connections all at once have in common; how they fell silent tells them apart. */
export function keptConnections(seen: Case): Kept | undefined {
  const connections = seen.kept;
  if (connections < FEW) return undefined;
  const { stale, staleSpread, staleByApplication } = seen.sessions;
  const [most] = Object.entries(staleByApplication).sort(([, a], [, b]) => b - a);
  const perSecond = (0.8 * stale) / Math.max(staleSpread, 0.1);
  const oneByOne = staleSpread > ONE_BY_ONE_S && perSecond < 25 && even(stale, staleSpread);
  return {
    connections,
    by: most?.[0] || 'a program without a name',
    perSecond,
    oneByOne,
    spread: staleSpread,
  };
}

/** Few that trickle in after a burst do not make it one by one: the spread is measured without the outer tenths. */
function even(stale: number, spread: number): boolean {
  return stale >= 4 && spread / stale > 0.04;
}

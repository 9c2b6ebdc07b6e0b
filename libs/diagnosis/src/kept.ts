import type { Case } from './case';

/** Number of connections that may be idle although no pool reports them. */
const FEW = 3.5;
/** Seconds in which four fifths of them fell silent: one a second or slower is not a burst. */
const ONE_BY_ONE_S = 2;

/** Connections of the services' role that are in use, but idle for the server. */
export interface Kept {
  connections: number;
  /** The service or program that has most of them. */
  by: string;
  /** How many fell silent for good each second, while it went on. */
  perSecond: number;
  /** Whether they fell silent one after the other, and not all at once. */
  oneByOne: boolean;
  /** Seconds in which four fifths of them fell silent. */
  spread: number;
}

/** What a leak and a program that takes many connections at once have in common; how they fell silent differs. */
export function keptConnections(seen: Case): Kept | undefined {
  const connections = seen.kept;
  if (connections < FEW) return undefined;
  // Who keeps connections while there is room costs nobody an answer: where answers stay away, the network has them.
  if (seen.hasRoom && seen.errors('statement_limit', 'connection_lost', 'unreachable') > 0) return undefined;
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

/** A few that trickle in after a burst do not make it one by one: the spread is measured without the outer tenths. */
function even(stale: number, spread: number): boolean {
  return stale >= 4 && spread / stale > 0.04;
}

/** What a queue has counted since its process began, and how many connections were at work at that moment. */
export interface Look {
  /** Milliseconds of any steady clock. */
  at: number;
  /** Requests for a connection. */
  arrived: number;
  /** Connections that were given back, and the milliseconds for which they were kept, in all. */
  uses: number;
  usedMs: number;
  /** Connections that PostgreSQL sees at work. */
  atWork: number;
}

export interface LittlesLaw {
  /** Requests for a connection a second. */
  arrivals: number;
  /** Milliseconds for which each keeps it. */
  holdMs: number;
  /** Connections that are needed so that nobody waits: arrivals × hold time. */
  needed: number;
  /** Connections that were at work on average, which cannot be more than there are. */
  seen: number;
}

/** Little's law on what was counted between the first look and the last: L = λW. */
export function littlesLaw(looks: readonly Look[]): LittlesLaw {
  const [first, last] = [looks[0], looks.at(-1)];
  if (!first || !last || first === last) return { arrivals: 0, holdMs: 0, needed: 0, seen: 0 };
  const arrivals = ((last.arrived - first.arrived) * 1_000) / (last.at - first.at);
  const uses = last.uses - first.uses;
  const holdMs = uses > 0 ? (last.usedMs - first.usedMs) / uses : 0;
  const seen = looks.reduce((sum, { atWork }) => sum + atWork, 0) / looks.length;
  return { arrivals, holdMs, needed: (arrivals * holdMs) / 1_000, seen };
}

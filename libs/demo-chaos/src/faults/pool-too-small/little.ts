/** What a queue has counted since its process began, and how many connections were working at that moment. */
export interface Sample {
  /** Milliseconds of any steady clock. */
  at: number;
  /** Requests for a connection. */
  arrived: number;
  /** Connections that were given back, and the milliseconds for which they were kept in total. */
  uses: number;
  usedMs: number;
  /** Connections that PostgreSQL sees working. */
  atWork: number;
}

export interface LittlesLaw {
  /** Requests for a connection a second. */
  arrivals: number;
  /** Milliseconds for which each request keeps its connection. */
  holdMs: number;
  /** Connections that are needed so that no request waits: arrivals × hold time. */
  needed: number;
  /** Connections that were working on average, which cannot be more than there are. */
  seen: number;
}

/** Little's law, L = λW, applied to what was counted between the first sample and the last. */
export function littlesLaw(samples: readonly Sample[]): LittlesLaw {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || first === last) return { arrivals: 0, holdMs: 0, needed: 0, seen: 0 };
  const arrivals = ((last.arrived - first.arrived) * 1_000) / (last.at - first.at);
  const uses = last.uses - first.uses;
  const holdMs = uses > 0 ? (last.usedMs - first.usedMs) / uses : 0;
  const seen = samples.reduce((sum, { atWork }) => sum + atWork, 0) / samples.length;
  return { arrivals, holdMs, needed: (arrivals * holdMs) / 1_000, seen };
}

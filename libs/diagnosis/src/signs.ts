/** Every failure that can be named, in the words of the catalogue. */
export type FailureName =
  | 'server-restart'
  | 'sessions-killed'
  | 'lock-queue'
  | 'deadlocks'
  | 'hot-row-lock'
  | 'statement-timeout'
  | 'server-connections-full'
  | 'idle-in-transaction'
  | 'transaction-across-call'
  | 'connection-leak'
  | 'pool-exhaustion'
  | 'pool-too-small'
  | 'network-half-open'
  | 'network-latency'
  | 'connection-storm'
  | 'missing-index'
  | 'n-plus-one'
  | 'noisy-neighbour'
  | 'slow-queries'
  | 'slow-commit'
  | 'retry-storm';

/** The name that would fit if one figure were otherwise. */
export interface NextBest {
  name: FailureName;
  /** That figure, as it is: it fits unless this holds. */
  unless: string;
}

/** What shows that a failure is there. */
export interface Signs {
  /** Three figures, each with where it is seen. */
  evidence: [string, string, string];
  nextBest: NextBest;
  /** Unix milliseconds, where the server itself tells since when. */
  since?: number;
  /** What it accounts for: no other failure is named for that. */
  explains?: Explained;
}

/** Signs that have found their cause. */
export interface Explained {
  /** Slow or failing operations, by their key. */
  operations?: 'all' | readonly string[];
  /** Services whose requests wait for a connection. */
  pools?: 'all' | readonly string[];
  /** `error.type` of failing statements. */
  errors?: readonly string[];
  /** Failures that come along with it. */
  failures?: readonly FailureName[];
}

/** Every failure that can be named, as the catalogue calls it. */
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

/** The failure that would fit if one number were different. */
export interface NextBest {
  name: FailureName;
  /** That number as it is now: the failure would fit if this did not hold. */
  unless: string;
}

/** What proves that a failure is there. */
export interface Signs {
  /** Three numbers, each with its source. */
  evidence: [string, string, string];
  nextBest: NextBest;
  /** Unix milliseconds, if the server itself reports when it began. */
  since?: number;
  /** What it explains: no other failure is named for that. */
  explains?: Explained;
}

/** Signs whose cause has been found. */
export interface Explained {
  /** Slow or failing operations, by their key. */
  operations?: 'all' | readonly string[];
  /** Services whose requests wait for a connection. */
  pools?: 'all' | readonly string[];
  /** `error.type` of failing statements. */
  errors?: readonly string[];
  /** Failures that are its consequences. */
  failures?: readonly FailureName[];
}

/** What was counted since a process began; seconds. */
export interface Histogram {
  count: number;
  sum: number;
  /** Values up to each of the `bounds` of the client, those of all lower ones included. */
  buckets: readonly number[];
}

/** Durations of the statements of one operation that ended in the same way. */
export interface OperationHistogram extends Histogram {
  operation: string;
  table: string;
  /** `error.type`; empty for statements that were answered. */
  error: string;
}

/** What one process of a service measures of itself, as its metrics tell. */
export interface ClientSample {
  service: string;
  /** One process among the replicas. */
  instance: string;
  /** Upper bounds of the buckets in seconds, without the last, which has none. */
  bounds: readonly number[];
  operations: readonly OperationHistogram[];
  /** Waits for a connection. */
  waits: Histogram;
  /** From getting a connection to giving it back. */
  uses: Histogram;
  /** Openings of connections. */
  creates: Histogram;
  pool: { used: number; idle: number; pending: number; max: number };
  /** Requests answered since its start: all, those with a status of 500 or more, those whose caller did not wait. */
  requests: { answered: number; failed: number; gone: number };
}

/** A session of the server, of whichever role. Times in seconds, at the moment of the look. */
export interface SessionSample {
  pid: number;
  role: string;
  /** Program behind it, as its name says before an `@`. */
  application: string;
  state: string;
  /** Such as `Lock/transactionid`; empty when it waits for nothing that PostgreSQL counts as waiting. */
  wait: string;
  sinceStateChange: number;
  sinceTransactionStart: number;
  /** Whether it keeps old row versions from being cleaned up. */
  snapshot: boolean;
  query: string;
}

/** A session that waits for a lock. */
export interface WaitingSample {
  pid: number;
  lock: string;
  mode: string;
  /** Empty where the lock is none of a table. */
  relation: string;
  blockedBy: readonly number[];
}

/** A statement as the server counts it, from its last reset on. */
export interface StatementSample {
  /** The same for the same text. */
  id: string;
  operation: string;
  table: string;
  calls: number;
  /** Milliseconds of execution. */
  ms: number;
  /** Pages of 8 KiB that were read, in memory or not. */
  blocks: number;
}

/** Counters of the database, from their last reset on. */
export interface DatabaseCounters {
  rollbacks: number;
  deadlocks: number;
  /** Sessions opened. */
  sessions: number;
  /** Sessions that somebody ended. */
  sessions_killed: number;
  /** Bytes written to temporary files. */
  temp_bytes: number;
}

/** What the server tells of itself in one look. */
export interface DatabaseSample {
  sessions: readonly SessionSample[];
  /** Empty while nobody waits. */
  waiting: readonly WaitingSample[];
  counters: DatabaseCounters;
  /** Undefined in a look that did not ask, or on a server without pg_stat_statements. */
  statements?: readonly StatementSample[];
  /** Rows read by sequential scans, by table; undefined in a look that did not ask. */
  scannedRows?: Readonly<Record<string, number>>;
  server: {
    /** Unix milliseconds. */
    startedAt: number;
    maxConnections: number;
    /** Of these, so many are for others than ordinary roles. */
    reserved: number;
    /** CONNECTION LIMIT of the role of the services; -1 for none. */
    roleLimit: number;
  };
}

/** One look at the database and at what its clients measured. */
export interface Sample {
  /** Unix milliseconds. */
  at: number;
  /** Empty in a look that did not ask them. */
  clients: readonly ClientSample[];
  /** Undefined when the server could not be asked. */
  database?: DatabaseSample;
  /** Why it could not: an error code of the system or an SQLSTATE. */
  trouble?: string;
  /** Milliseconds in which the server answered the one who looks. */
  roundTripMs?: number;
}

/** Whose database it is that is looked at; from configuration. */
export interface Subject {
  /** Role of the services. */
  role: string;
  /** Role of those who watch and steer. */
  controlRole: string;
  /** Connections that all services together may have, where the server sets the role no limit. */
  budget: number;
}

/** What a process has counted since it began; in seconds. */
export interface Histogram {
  count: number;
  sum: number;
  /** Number of values up to each of the client's `bounds`, including those of all lower ones. */
  buckets: readonly number[];
}

/** Durations of the statements of one operation that ended in the same way. */
export interface OperationHistogram extends Histogram {
  operation: string;
  table: string;
  /** `error.type`; empty for statements that were answered. */
  error: string;
}

/** What one process of a service measures about itself, according to its metrics. */
export interface ClientSample {
  service: string;
  /** Identifies the process among the replicas. */
  instance: string;
  /** Upper bounds of the buckets in seconds, without the last bucket, which has none. */
  bounds: readonly number[];
  operations: readonly OperationHistogram[];
  /** Waits for a connection. */
  waits: Histogram;
  /** From acquiring a connection to giving it back. */
  uses: Histogram;
  /** Openings of connections. */
  creates: Histogram;
  pool: { used: number; idle: number; pending: number; max: number };
  /** Requests answered since its start: all, those with a status of 500 or more, those whose caller did not wait. */
  requests: { answered: number; failed: number; gone: number };
}

/** A session of the server, of any role. Times are in seconds, measured at the poll. */
export interface SessionSample {
  pid: number;
  role: string;
  /** Its program, which is the part of its name before an `@`. */
  application: string;
  state: string;
  /** Such as `Lock/transactionid`; empty if PostgreSQL does not count it as waiting. */
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
  /** Empty if the lock is not on a table. */
  relation: string;
  blockedBy: readonly number[];
}

/** A statement as the server has counted it since its last reset. */
export interface StatementSample {
  /** Equal for equal texts. */
  id: string;
  operation: string;
  table: string;
  calls: number;
  /** Milliseconds of execution. */
  ms: number;
  /** Pages of 8 KiB that were read, from memory or not. */
  blocks: number;
}

/** Counters of the database since their last reset. */
export interface DatabaseCounters {
  rollbacks: number;
  deadlocks: number;
  /** Sessions opened. */
  sessions: number;
  /** Sessions that were ended from outside. */
  sessions_killed: number;
  /** Bytes written to temporary files. */
  temp_bytes: number;
}

/** What the server reports about itself in one poll. */
export interface DatabaseSample {
  sessions: readonly SessionSample[];
  /** Empty while no session waits. */
  waiting: readonly WaitingSample[];
  counters: DatabaseCounters;
  /** Undefined in a poll that left them out, or on a server without pg_stat_statements. */
  statements?: readonly StatementSample[];
  /** Rows read by sequential scans, by table; undefined in a poll that left them out. */
  scannedRows?: Readonly<Record<string, number>>;
  server: {
    /** Unix milliseconds. */
    startedAt: number;
    maxConnections: number;
    /** Those of them that are reserved for other than ordinary roles. */
    reserved: number;
    /** CONNECTION LIMIT of the services' role; -1 for none. */
    roleLimit: number;
  };
}

/** One poll of the database and of what its clients measured. */
export interface Sample {
  /** Unix milliseconds. */
  at: number;
  /** Empty in a poll that left them out. */
  clients: readonly ClientSample[];
  /** Undefined if the server did not answer. */
  database?: DatabaseSample;
  /** Why it did not: an error code of the system or an SQLSTATE. */
  trouble?: string;
  /** Milliseconds in which the server answered the observer. */
  roundTripMs?: number;
}

/** The configuration of the observed database. */
export interface Subject {
  /** Role of the services. */
  role: string;
  /** Role of the processes that watch and control. */
  controlRole: string;
  /** Connections that all services together may have if the server does not limit the role. */
  budget: number;
}

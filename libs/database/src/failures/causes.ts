import type { DatabaseProblem } from './database-problems';

/** One cause of a failure, and what follows from it everywhere. */
export interface Cause {
  /** SQLSTATEs, and classes of them, by which PostgreSQL reports it; none if this process detects it by itself. */
  states: readonly string[];
  /** What the caller gets as an answer; undefined if nobody is left to read one. */
  problem?: DatabaseProblem;
  /** What happened, as a sentence for the caller: no SQL, no value, no host. */
  detail: string;
  /** Seconds for `Retry-After`; undefined if the same request would not succeed, or must not be repeated blindly. */
  retryAfterSeconds?: number;
  /** Level of its log line. */
  log: 'debug' | 'warn' | 'error';
  /** Whether the session goes on, or is closed because its state is unknown or only a new one helps. */
  session: 'kept' | 'closed';
  /** Outside a transaction, the statement is prepared again and sent once more. */
  retriedOnce?: true;
  /** Waiting can help when a connection was refused for this; otherwise the request fails at once. */
  passes?: true;
  /** PostgreSQL may have made the change that was sent: for a change, the cause is `outcome_unknown`. */
  undecided?: true;
  /**
   * Who suffers besides this one request, so that /health reports it: everybody who uses the server, has the role,
   * wants a connection, or wants this data. Undefined: nobody.
   */
  hits?: 'server' | 'role' | 'pool' | 'data';
  /** What to do, for the log and /health. */
  remedy?: string;
}

/** Seconds after which to retry what passes by itself, and what somebody has to fix first. */
const SOON = 1;
const LATER = 10;

/**
 * The one table of causes. Problems, spans, metrics, log lines, alerts, /health, readiness, the queue and
 * docs/failures.md read it; nothing else classifies an error. The longest matching prefix of the SQLSTATE wins.
 */
const TABLE = {
  pool_timeout: {
    states: [],
    problem: 'database-unavailable',
    detail: 'All connections are taken',
    retryAfterSeconds: SOON,
    log: 'warn',
    session: 'kept',
    passes: true,
    hits: 'pool',
    remedy: 'see connection_pool in /health for who has the connections; POST /demo/reset ends a fault',
  },
  queue_full: {
    states: [],
    problem: 'database-unavailable',
    detail: 'Too many requests wait for a connection already',
    retryAfterSeconds: SOON,
    log: 'warn',
    session: 'kept',
    passes: true,
    hits: 'pool',
    remedy: 'see connection_pool in /health for who has the connections; DB_QUEUE_MAX is how many may wait',
  },
  unreachable: {
    states: [],
    problem: 'database-unavailable',
    detail: 'The database cannot be reached',
    retryAfterSeconds: SOON,
    log: 'warn',
    session: 'closed',
    passes: true,
    hits: 'server',
    remedy: 'check that PostgreSQL runs at DB_HOST and DB_PORT, and that the network leads there',
  },
  name_lookup: {
    states: [],
    problem: 'database-unavailable',
    detail: 'The name of the database server could not be looked up in time',
    retryAfterSeconds: SOON,
    log: 'warn',
    session: 'closed',
    passes: true,
    hits: 'server',
    remedy: 'check DB_HOST, and the name server of this machine or cluster',
  },
  tls_failed: {
    states: [],
    problem: 'database-tls-failed',
    detail: 'No encrypted connection to the database could be made',
    retryAfterSeconds: LATER,
    log: 'error',
    session: 'closed',
    hits: 'server',
    remedy: 'check DB_SSL; NODE_EXTRA_CA_CERTS names the file of an authority that Node does not know',
  },
  caller_gone: {
    states: [],
    detail: 'The caller went away before the answer',
    log: 'debug',
    session: 'closed',
  },
  connection_lost: {
    states: ['08', '57P05'],
    problem: 'database-connection-lost',
    detail: 'The connection to the database was lost',
    retryAfterSeconds: SOON,
    log: 'warn',
    session: 'closed',
    passes: true,
    undecided: true,
    hits: 'server',
    remedy: 'see the log of PostgreSQL for why it ended the session, or the network in between',
  },
  statement_limit: {
    states: [],
    problem: 'database-silent',
    detail: 'The database answered nothing, not even that it gave the statement up',
    retryAfterSeconds: SOON,
    log: 'warn',
    session: 'closed',
    undecided: true,
    hits: 'server',
    remedy:
      'check that PostgreSQL is not stopped or cut off: statement_timeout should have ended the statement',
  },
  outcome_unknown: {
    states: ['08007', '40003'],
    problem: 'outcome-unknown',
    detail:
      'The database did not say whether it made the change. Sent again with the same Idempotency-Key, it is made once; without a key it may be made twice',
    log: 'warn',
    session: 'closed',
    hits: 'server',
    remedy: 'send changes with an Idempotency-Key, and repeat them with the same one',
  },
  invalid_value: {
    states: ['22'],
    problem: 'invalid-request',
    detail: 'A value of the request cannot be stored',
    log: 'debug',
    session: 'kept',
  },
  missing_reference: {
    states: ['23503'],
    problem: 'not-found',
    detail: 'Something the request refers to does not exist',
    log: 'debug',
    session: 'kept',
  },
  duplicate: {
    states: ['23505'],
    problem: 'conflict',
    detail: 'Another change was faster',
    log: 'debug',
    session: 'kept',
  },
  rule_violated: {
    states: ['23514', '23P01'],
    problem: 'rule-violated',
    detail: 'The change would break a rule of the data',
    log: 'debug',
    session: 'kept',
  },
  serialization_failure: {
    states: ['40'],
    problem: 'conflict',
    detail: 'Another change was faster',
    log: 'warn',
    session: 'kept',
    remedy: 'send the request again',
  },
  deadlock: {
    states: ['40P01'],
    problem: 'conflict',
    detail: 'Two changes waited for each other, and PostgreSQL ended this one',
    log: 'warn',
    session: 'kept',
    remedy: 'send the request again; the log of PostgreSQL names both statements',
  },
  read_only: {
    states: ['25006'],
    problem: 'database-read-only',
    detail: 'The database accepts no changes on this session',
    retryAfterSeconds: SOON,
    log: 'error',
    session: 'closed',
    hits: 'data',
    remedy:
      'check for a failover, and for default_transaction_read_only of the server, the database and the role',
  },
  transaction_timeout: {
    states: ['25P03', '25P04'],
    problem: 'transaction-timeout',
    detail: 'The database ended the transaction, which took too long',
    retryAfterSeconds: SOON,
    log: 'warn',
    session: 'closed',
    hits: 'data',
    remedy: 'check idle_in_transaction_session_timeout and transaction_timeout',
  },
  login_refused: {
    states: ['28'],
    problem: 'database-login-refused',
    detail: 'The database refuses the login of this service',
    retryAfterSeconds: LATER,
    log: 'error',
    session: 'closed',
    hits: 'role',
    remedy: 'check that the role may log in, and pg_hba.conf; where it wants encryption, set DB_SSL',
  },
  password_refused: {
    states: ['28P01'],
    problem: 'database-password-refused',
    detail: 'The database refuses the password of this service',
    retryAfterSeconds: LATER,
    log: 'error',
    session: 'closed',
    hits: 'role',
    remedy: 'check DB_PASSWORD, or DB_CONTROL_PASSWORD for the control role; npm run db:setup sets both',
  },
  database_missing: {
    states: ['3D000'],
    problem: 'database-missing',
    detail: 'The database does not exist',
    retryAfterSeconds: LATER,
    log: 'error',
    session: 'closed',
    hits: 'server',
    remedy: 'check DB_NAME; npm run db:setup makes the database',
  },
  schema_missing: {
    states: ['3F000', '42P01'],
    problem: 'database-schema-missing',
    detail: 'A table of the database is missing',
    retryAfterSeconds: LATER,
    log: 'error',
    session: 'kept',
    hits: 'data',
    remedy: 'run npm run db:setup, and check search_path',
  },
  privilege_missing: {
    states: ['42501'],
    problem: 'database-privilege-missing',
    detail: 'The database denies this service a privilege',
    retryAfterSeconds: LATER,
    log: 'error',
    session: 'kept',
    hits: 'data',
    remedy: 'check GRANT and REVOKE on the table; npm run db:setup grants what the services need',
  },
  statement_outdated: {
    states: ['0A000', '26000', '42P05'],
    problem: 'database-schema-changed',
    detail: 'A table of the database was changed, and the statement has to be prepared anew',
    retryAfterSeconds: SOON,
    log: 'warn',
    session: 'kept',
    retriedOnce: true,
  },
  statement_refused: {
    states: ['23', '42'],
    problem: 'internal-error',
    detail: 'The database refused a statement of this service',
    log: 'error',
    session: 'kept',
    remedy: 'compare the schema with what npm run db:setup makes, and the version of the services with it',
  },
  out_of_resources: {
    states: ['53'],
    problem: 'database-out-of-resources',
    detail: 'The database server has run out of memory or of another resource',
    retryAfterSeconds: LATER,
    log: 'error',
    session: 'closed',
    hits: 'server',
    remedy: 'see the log of PostgreSQL for which one',
  },
  disk_full: {
    states: ['53100'],
    problem: 'database-disk-full',
    detail: 'The disk of the database server is full',
    retryAfterSeconds: LATER,
    log: 'error',
    session: 'kept',
    hits: 'server',
    remedy: 'make room on the disk of PostgreSQL, or check temp_file_limit',
  },
  too_many_connections: {
    states: ['53300'],
    problem: 'database-unavailable',
    detail: 'The database accepts no further connection',
    retryAfterSeconds: SOON,
    log: 'warn',
    session: 'closed',
    passes: true,
    hits: 'role',
    remedy: "compare the role's CONNECTION LIMIT and the server's max_connections with who is connected",
  },
  lock_timeout: {
    states: ['55P03'],
    problem: 'lock-timeout',
    detail: 'Another session holds a lock on the data for longer than lock_timeout',
    retryAfterSeconds: SOON,
    log: 'warn',
    session: 'kept',
    hits: 'data',
    remedy: 'find who holds it: SELECT * FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids(...))',
  },
  statement_timeout: {
    states: ['57014'],
    problem: 'statement-timeout',
    detail: 'The database gave the statement up: it took longer than its limit, or somebody cancelled it',
    log: 'warn',
    session: 'kept',
    hits: 'data',
    remedy: 'see pg_stat_statements for what takes so long; DB_STATEMENT_TIMEOUT_MS is the limit',
  },
  server_stopping: {
    states: ['57P01', '57P03', '57P04'],
    problem: 'database-connection-lost',
    detail: 'The database server stops or starts, or ended the session',
    retryAfterSeconds: SOON,
    log: 'warn',
    session: 'closed',
    passes: true,
    hits: 'server',
    remedy: 'see the log of PostgreSQL for who stops it, or for pg_terminate_backend',
  },
  server_crashed: {
    states: ['57P02'],
    problem: 'database-connection-lost',
    detail: 'The database server crashed and starts again',
    retryAfterSeconds: SOON,
    log: 'error',
    session: 'closed',
    passes: true,
    undecided: true,
    hits: 'server',
    remedy: 'see the log of PostgreSQL for the process that died',
  },
  unexpected: {
    states: [],
    problem: 'internal-error',
    detail: 'The database refused a statement of this service',
    log: 'error',
    session: 'closed',
    remedy: 'look the SQLSTATE up in appendix A of the manual of PostgreSQL, and in its log',
  },
} as const satisfies Record<string, Cause>;

export type CauseName = keyof typeof TABLE;

export const CAUSES: Readonly<Record<CauseName, Cause>> = TABLE;

const NAMES = Object.keys(TABLE) as CauseName[];

const BY_STATE = new Map(NAMES.flatMap((name) => CAUSES[name].states.map((state) => [state, name] as const)));

/** Whether strict readiness fails: no instance of the service would do better until somebody has fixed it. */
export function makesUnready(cause: CauseName): boolean {
  const { hits, log } = CAUSES[cause];
  return hits !== undefined && (hits !== 'data' || log === 'error');
}

/** The cause that PostgreSQL reports with an SQLSTATE. */
export function causeOfState(sqlstate: string): CauseName {
  for (let length = 5; length >= 2; length--) {
    const cause = BY_STATE.get(sqlstate.slice(0, length));
    if (cause) return cause;
  }
  return 'unexpected';
}

import type { DatabaseSample } from '@app/diagnosis';
import type { Client, QueryResultRow } from 'pg';
import { StatementStatistics } from './statement-statistics';

/** Characters of a query that are read, enough to recognise it. */
const QUERY_LENGTH = 200;

/** A session as pg_stat_activity shows it. Times are in seconds, measured at the poll. */
export interface Session {
  pid: number;
  role: string;
  database: string;
  /** Unchanged: for our own services `service@host:pid`, see libs/database. */
  application_name: string;
  /** Such as `active`, `idle`, `idle in transaction`. */
  state: string;
  /** Such as `Lock/transactionid`; empty when it waits for nothing. */
  wait: string;
  since_start: number;
  since_state_change: number;
  /** 0 outside of a transaction. */
  since_transaction_start: number;
  snapshot: boolean;
  query: string;
}

/** A session that waits for a lock, and the sessions that it waits for. */
export interface Waiting {
  pid: number;
  /** Such as `transactionid` or `relation`. */
  lock: string;
  mode: string;
  /** Empty if the lock is not on a table. */
  relation: string;
  blocked_by: number[];
}

/** What one poll reads from the views of a server. */
export interface DatabaseObservation extends Omit<DatabaseSample, 'sessions' | 'waiting'> {
  /** Milliseconds in which it answered the simplest of the queries. */
  roundTripMs: number;
  sessions: Session[];
  waiting: Waiting[];
}

const SESSIONS = `
  SELECT pid, usename AS role, coalesce(datname, '') AS database, application_name, coalesce(state, '') AS state,
         coalesce(wait_event_type || '/' || wait_event, '') AS wait,
         extract(epoch FROM clock_timestamp() - backend_start)::float8 AS since_start,
         coalesce(extract(epoch FROM clock_timestamp() - state_change), 0)::float8 AS since_state_change,
         coalesce(extract(epoch FROM clock_timestamp() - xact_start), 0)::float8 AS since_transaction_start,
         backend_xmin IS NOT NULL AS snapshot, left(query, ${QUERY_LENGTH}) AS query
  FROM pg_stat_activity
  WHERE usename IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend' AND pid <> pg_backend_pid()`;

// Queried only while a session waits, because it needs both lock tables of the server that everybody uses.
const WAITING = `
  SELECT l.pid, l.locktype AS lock, l.mode, coalesce(l.relation::regclass::text, '') AS relation,
         pg_blocking_pids(l.pid) AS blocked_by
  FROM pg_locks l WHERE NOT l.granted AND l.pid IS NOT NULL`;

// Sessions are counted since version 14; before it, what only they show is not seen.
const COUNTERS = `
  SELECT d.xact_rollback::float8 AS rollbacks, d.deadlocks::float8,
         coalesce((to_jsonb(d) ->> 'sessions')::float8, 0) AS sessions,
         coalesce((to_jsonb(d) ->> 'sessions_killed')::float8, 0) AS sessions_killed,
         d.temp_bytes::float8, (extract(epoch FROM pg_postmaster_start_time()) * 1000)::float8 AS started_at,
         current_setting('max_connections')::int AS max_connections,
         current_setting('superuser_reserved_connections')::int
           + coalesce(current_setting('reserved_connections', true), '0')::int AS reserved,
         coalesce((SELECT rolconnlimit FROM pg_roles WHERE rolname = $1), -1) AS role_limit
  FROM pg_stat_database d WHERE d.datname = current_database()`;

// Only tables that are scanned at all; as one row, since there may be many.
const SCANS = `
  SELECT coalesce(jsonb_object_agg(relname, seq_tup_read), '{}') AS rows
  FROM pg_stat_user_tables WHERE seq_tup_read > 0`;

interface CountersRow extends QueryResultRow {
  rollbacks: number;
  deadlocks: number;
  sessions: number;
  sessions_killed: number;
  temp_bytes: number;
  started_at: number;
  max_connections: number;
  reserved: number;
  role_limit: number;
}

/** Reads the views that every PostgreSQL has, over one connection. */
export class DatabaseEye {
  private readonly statistics: StatementStatistics;

  constructor(
    private readonly client: Client,
    private readonly role: string,
  ) {
    this.statistics = new StatementStatistics(client, role);
  }

  /** @param thorough also reads what changes slowly and costs more: statements and tables */
  async read(thorough: boolean): Promise<DatabaseObservation> {
    const sessions = await this.ask<Session>('sessions', SESSIONS);
    const someoneWaits = sessions.some(({ wait }) => wait.startsWith('Lock/'));
    const waiting = someoneWaits ? await this.ask<Waiting>('waiting', WAITING) : [];
    const asked = performance.now();
    const [row] = await this.ask<CountersRow>('counters', COUNTERS, [this.role]);
    const roundTripMs = performance.now() - asked;
    if (!row) throw new Error('pg_stat_database does not know this database');
    const { started_at, max_connections, reserved, role_limit, ...counters } = row;
    return {
      roundTripMs,
      sessions,
      waiting,
      counters,
      server: { startedAt: started_at, maxConnections: max_connections, reserved, roleLimit: role_limit },
      statements: thorough ? await this.statistics.statements() : undefined,
      scannedRows: thorough ? await this.scannedRows() : undefined,
    };
  }

  private async scannedRows(): Promise<Record<string, number>> {
    return (await this.ask<{ rows: Record<string, number> }>('scans', SCANS))[0]?.rows ?? {};
  }

  private async ask<Row extends object>(name: string, text: string, values: unknown[] = []): Promise<Row[]> {
    // Prepared, because planning such a query takes longer than running it.
    return (await this.client.query<Row & QueryResultRow>({ name: `observer-${name}`, text, values })).rows;
  }
}

/** Sessions of one name, or of one role that is not ours, as PostgreSQL counts them. */
export interface ActivityRow {
  role: string;
  /** Empty for roles other than the pool's and the control connections'. */
  application_name: string;
  open: number;
  active: number;
  idle: number;
  idle_in_transaction: number;
  waiting_on_lock: number;
}

/** What the server allows. */
interface ActivityLimits {
  /** CONNECTION LIMIT of the pool's role, -1 without one. */
  limit: number;
  superuser: boolean;
  max_connections: number;
  /** Of them, kept for superusers and for `pg_use_reserved_connections`. */
  reserved: number;
}

/** Everything that one poll of the server returns. */
export interface Activity extends ActivityLimits {
  /** Milliseconds of the server's clock at the time of the poll. */
  server_ms: number;
  rows: ActivityRow[];
}

export type ActivityResult = ActivityRow & ActivityLimits & { server_ms: number };

/**
 * The one statement about all sessions; its parameters are the roles of the pool and of the control connections. It
 * reads the limits each time too, because what PostgreSQL enforces counts, not what was configured. It reads the
 * function behind pg_stat_activity and names the few roles afterwards: the view joins two catalogs with every session,
 * which takes three times as long.
 */
export const ACTIVITY = `
  SELECT pg_get_userbyid(a.usesysid)::text AS role, a.application_name,
         r.rolconnlimit AS limit, r.rolsuper AS superuser,
         current_setting('max_connections')::int AS max_connections,
         current_setting('superuser_reserved_connections')::int +
           coalesce(current_setting('reserved_connections', true), '0')::int AS reserved,
         (extract(epoch FROM statement_timestamp()) * 1000)::float8 AS server_ms,
         a.open, a.active, a.idle, a.idle_in_transaction, a.waiting_on_lock
  FROM pg_roles r, (
    SELECT usesysid,
           CASE WHEN usesysid = ANY (ARRAY(SELECT oid FROM pg_roles WHERE rolname IN ($1, $2)))
                THEN application_name ELSE '' END AS application_name,
           count(*)::int AS open,
           count(*) FILTER (WHERE state = 'active')::int AS active,
           count(*) FILTER (WHERE state = 'idle')::int AS idle,
           count(*) FILTER (WHERE state LIKE 'idle in transaction%')::int AS idle_in_transaction,
           count(*) FILTER (WHERE wait_event_type = 'Lock')::int AS waiting_on_lock
    FROM pg_stat_get_activity(NULL)
    WHERE usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
    GROUP BY 1, 2) a
  WHERE r.rolname = $1`;

/** The answer to `ACTIVITY`; there is always a row, the one of the session that asked. */
export function activityOf(results: ActivityResult[]): Activity | undefined {
  const [first] = results;
  if (!first) return undefined;
  const { server_ms, limit, superuser, max_connections, reserved } = first;
  const rows = results.map(
    ({ role, application_name, open, active, idle, idle_in_transaction, waiting_on_lock }) => ({
      ...{ role, application_name, open, active, idle, idle_in_transaction, waiting_on_lock },
    }),
  );
  return { server_ms, limit, superuser, max_connections, reserved, rows };
}

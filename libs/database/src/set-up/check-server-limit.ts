import type { Client } from 'pg';
import type { Log, SetUpSettings } from './set-up-settings';

/** Control connections of three services and the console, and one that is being replaced. */
const CONTROL_CONNECTIONS = 5;

/** Warns if the server's own limit is reached before the budget's: the role's limit then never refuses a connection. */
export async function checkServerLimit(admin: Client, settings: SetUpSettings, log: Log): Promise<void> {
  const { user, controlUser, connectionBudget } = settings;
  const { rows } = await admin.query<{ max: number; reserved: number; others: number }>(
    `SELECT current_setting('max_connections')::int AS max,
            current_setting('superuser_reserved_connections')::int +
              coalesce(current_setting('reserved_connections', true), '0')::int AS reserved,
            (SELECT count(*)::int FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename NOT IN ($1, $2)
               AND coalesce(backend_type, 'client backend') = 'client backend') AS others`,
    [user, controlUser],
  );
  const { max, reserved, others } = rows[0] ?? { max: 0, reserved: 0, others: 0 };
  const room = max - reserved - others - CONTROL_CONNECTIONS;
  if (connectionBudget <= room) return;
  log(
    `WARNING: a budget of ${connectionBudget} does not fit here: max_connections ${max} - ${reserved} reserved - ` +
      `${others} of other roles now - ${CONTROL_CONNECTIONS} control connections = ${Math.max(0, room)}. Set ` +
      `max_connections to ${max + connectionBudget - room} or more and restart PostgreSQL` +
      `${room > 0 ? `, or set DB_CONNECTION_BUDGET=${room}` : ''}.`,
  );
}

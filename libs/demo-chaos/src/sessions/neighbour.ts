import type { FaultSessions } from './fault-sessions';

/** Why faults that come from the neighbour's role are not available here; undefined if they are. */
export async function neighbourMissing(sessions: FaultSessions): Promise<string | undefined> {
  const { DB_NEIGHBOUR_USER, DB_NEIGHBOUR_PASSWORD, DB_NAME } = sessions.configuration;
  if (!DB_NEIGHBOUR_PASSWORD)
    return `DB_NEIGHBOUR_PASSWORD, of the role ${DB_NEIGHBOUR_USER}, is not set here`;
  const { there } = await sessions.ask<{ there: boolean }>(
    'SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND rolcanlogin) AS there',
    [DB_NEIGHBOUR_USER],
  );
  return there ? undefined : `there is no role ${DB_NEIGHBOUR_USER} that may log in to ${DB_NAME}`;
}

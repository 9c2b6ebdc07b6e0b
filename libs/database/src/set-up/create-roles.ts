import type { SessionSettings } from '@app/postgres-session';
import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import {
  CONTROL_CONNECTION_LIMIT,
  CONTROL_LIMITS,
  NEIGHBOUR_LIMITS,
  SERVICE_LIMITS,
} from '../budget/role-limits';
import { acceptPreparedRoles } from './prepared-roles';
import type { Log, SetUpSettings } from './set-up-settings';

/**
 * Creates the roles: one whose connection limit is the budget, one outside it for the control connections, and, if it
 * has a password, a neighbour's, limited only in time because it is there to be a bad neighbour. If the admin role may
 * not create or change them, accepts those that somebody else created.
 */
export async function createRoles(admin: Client, settings: SetUpSettings, log: Log): Promise<void> {
  await refuseSuperuser(admin, settings.user);
  try {
    await makeRoles(admin, settings, log);
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
    await acceptPreparedRoles(admin, settings, log);
  }
}

async function makeRoles(admin: Client, settings: SetUpSettings, log: Log): Promise<void> {
  const { user, password, controlUser, controlPassword, connectionBudget } = settings;
  await createRole(admin, user, password);
  await limitRole(admin, user, connectionBudget, SERVICE_LIMITS);
  await createRole(admin, controlUser, controlPassword);
  await limitRole(admin, controlUser, CONTROL_CONNECTION_LIMIT, CONTROL_LIMITS);
  await letControlRoleSee(admin, settings, log);
  await allowFaults(admin, settings, log);
  log(`role ${user} may hold ${connectionBudget} connections; role ${controlUser} is outside that budget`);
}

/** Grants what only some faults need. If a server does not allow it, those faults report it themselves. */
async function allowFaults(admin: Client, settings: SetUpSettings, log: Log): Promise<void> {
  const { user, controlUser, neighbourUser, neighbourPassword } = settings;
  const control = escapeIdentifier(controlUser);
  const ending = await granted(admin, `GRANT pg_signal_backend TO ${control}`);
  // The admin of a managed server may not be able to grant that; membership lets it end the sessions of this one role.
  if (!ending && !(await granted(admin, `GRANT ${escapeIdentifier(user)} TO ${control}`)))
    log(`${controlUser} may not end sessions of ${user}: the fault sessions-killed is not available`);
  // Only a superuser may grant it, from PostgreSQL 15 on; without it, the fault slow-commit reports so.
  await granted(admin, `GRANT SET ON PARAMETER commit_delay TO ${escapeIdentifier(user)}`);
  if (!neighbourPassword) return;
  await createRole(admin, neighbourUser, neighbourPassword);
  await setForRole(admin, neighbourUser, NEIGHBOUR_LIMITS);
}

async function createRole(admin: Client, name: string, password: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  const verb = rowCount ? 'ALTER' : 'CREATE';
  await admin.query(`${verb} ROLE ${escapeIdentifier(name)} LOGIN PASSWORD ${escapeLiteral(password)}`);
}

async function limitRole(
  admin: Client,
  name: string,
  connections: number,
  limits: SessionSettings,
): Promise<void> {
  await admin.query(`ALTER ROLE ${escapeIdentifier(name)} CONNECTION LIMIT ${connections}`);
  await setForRole(admin, name, limits);
}

/** Leaves out the settings that this version of PostgreSQL does not have. */
async function setForRole(admin: Client, role: string, limits: SessionSettings): Promise<void> {
  const { rows } = await admin.query<{ name: string }>('SELECT name FROM pg_settings WHERE name = ANY ($1)', [
    Object.keys(limits),
  ]);
  for (const { name } of rows)
    await admin.query(
      `ALTER ROLE ${escapeIdentifier(role)} SET ${name} = ${escapeLiteral(limits[name] ?? '')}`,
    );
}

async function refuseSuperuser(admin: Client, name: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1 AND rolsuper', [name]);
  if (rowCount) {
    throw new Error(
      `role ${name} is a superuser, and no connection limit binds a superuser: use another DB_USER, or ` +
        `ALTER ROLE ${name} NOSUPERUSER`,
    );
  }
}

/**
 * Lets the control role see what the sessions of the budget do, and connect while ordinary slots are used up. The admin
 * of a managed server may not be allowed to grant the predefined roles; membership in the service role shows its
 * sessions too, and without reserved connections only an exhausted server, not an exhausted budget, shuts it out.
 */
async function letControlRoleSee(
  admin: Client,
  { user, controlUser }: SetUpSettings,
  log: Log,
): Promise<void> {
  const control = escapeIdentifier(controlUser);
  const seeing = await granted(admin, `GRANT pg_monitor TO ${control}`);
  if (!seeing) await admin.query(`GRANT ${escapeIdentifier(user)} TO ${control}`);
  const reserved = await granted(admin, `GRANT pg_use_reserved_connections TO ${control}`);
  if (!seeing)
    log(`this server lets nobody grant pg_monitor: ${controlUser} became a member of ${user} instead`);
  if (!reserved) log(`${controlUser} may not use reserved connections here`);
}

async function granted(admin: Client, grant: string): Promise<boolean> {
  try {
    await admin.query(grant);
    return true;
  } catch (error) {
    // insufficient_privilege, or a role or a grant that this version does not have yet.
    if (['42501', '42704', '42601'].includes((error as { code?: string }).code ?? '')) return false;
    throw error;
  }
}

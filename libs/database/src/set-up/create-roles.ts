import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { Log, SetUpSettings } from './set-up-settings';

/** Settings of a role that hold in each of its sessions, whoever opens it. */
const SERVICE_ROLE_SETTINGS = {
  // A client that was killed frees its slot at once, even in the middle of a statement.
  client_connection_check_interval: '500ms',
  // Above the longest delay a fault may add (30 s); the services give up earlier by themselves.
  statement_timeout: '40s',
  lock_timeout: '2s',
  // A transaction that a broken network left behind lets go of its rows before those who wait for them give up.
  idle_in_transaction_session_timeout: '1500ms',
};

/** The two roles: one whose connection limit is the budget, one outside it for the control connections. */
export async function createRoles(admin: Client, settings: SetUpSettings, log: Log): Promise<void> {
  const { user, password, controlUser, controlPassword, connectionBudget } = settings;
  await refuseSuperuser(admin, user);
  await createRole(admin, user, password);
  await admin.query(`ALTER ROLE ${escapeIdentifier(user)} CONNECTION LIMIT ${connectionBudget}`);
  for (const [setting, value] of Object.entries(SERVICE_ROLE_SETTINGS)) {
    await admin.query(`ALTER ROLE ${escapeIdentifier(user)} SET ${setting} = ${escapeLiteral(value)}`);
  }
  await createRole(admin, controlUser, controlPassword);
  await letControlRoleSee(admin, settings, log);
  log(`role ${user} may hold ${connectionBudget} connections; role ${controlUser} is outside that budget`);
}

async function createRole(admin: Client, name: string, password: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  const verb = rowCount ? 'ALTER' : 'CREATE';
  await admin.query(`${verb} ROLE ${escapeIdentifier(name)} LOGIN PASSWORD ${escapeLiteral(password)}`);
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
 * The control role sees what the sessions of the budget do, and connects while ordinary slots are used up. A managed
 * server's admin may not be allowed to grant the predefined roles; membership in the service role shows its sessions
 * too, and without reserved connections only an exhausted server, not an exhausted budget, shuts it out.
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
    // insufficient_privilege, or a role that this version does not have yet
    if (['42501', '42704'].includes((error as { code?: string }).code ?? '')) return false;
    throw error;
  }
}

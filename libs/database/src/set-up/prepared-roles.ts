import { type Client, escapeIdentifier } from 'pg';
import type { Log, SetUpSettings } from './set-up-settings';

interface Role {
  rolname: string;
  rolcanlogin: boolean;
  rolconnlimit: number;
  /** Whether it sees the sessions of the budget. */
  sees: boolean;
}

/**
 * Accepts roles that somebody else created and that this administrator may not change, if they suffice as they are.
 * Everything else that the set-up sets on its own roles, each session sets by itself too.
 * @throws naming the statements that are missing, for the person who created the roles
 */
export async function acceptPreparedRoles(admin: Client, settings: SetUpSettings, log: Log): Promise<void> {
  const { adminUser, user, controlUser } = settings;
  const roles = await readRoles(admin, settings);
  const missing = missingStatements(roles, settings);
  if (missing.length > 0) {
    throw new Error(
      `${adminUser} may not make or change the roles ${user} and ${controlUser}. Let somebody who may run:\n` +
        missing.map((statement) => `  ${statement};`).join('\n') +
        (await adminOptions(admin, settings, roles)),
    );
  }
  log(`roles ${user} and ${controlUser} were made by somebody else, and stay as they are`);
}

/** Since PostgreSQL 16, CREATEROLE alone does not allow changing others' roles: what would, for those that exist. */
async function adminOptions(
  admin: Client,
  { adminUser }: SetUpSettings,
  roles: Map<string, Role>,
): Promise<string> {
  const { rows } = await admin.query<{ needed: boolean }>(
    "SELECT current_setting('server_version_num')::int >= 160000 AS needed",
  );
  if (!rows[0]?.needed || roles.size === 0) return '';
  const grants = [...roles.keys()].map(
    (name) => `  GRANT ${escapeIdentifier(name)} TO ${escapeIdentifier(adminUser)} WITH ADMIN OPTION;`,
  );
  return `\nor let ${adminUser} change them:\n${grants.join('\n')}`;
}

async function readRoles(admin: Client, { user, controlUser }: SetUpSettings): Promise<Map<string, Role>> {
  const { rows } = await admin.query<Role>(
    `SELECT rolname, rolcanlogin, rolconnlimit,
       pg_has_role(oid, 'pg_monitor', 'usage') OR pg_has_role(oid, 'pg_read_all_stats', 'usage')
         OR EXISTS (SELECT FROM pg_roles u WHERE u.rolname = $1 AND pg_has_role(r.oid, u.oid, 'usage')) AS sees
     FROM pg_roles r WHERE rolname IN ($1, $2)`,
    [user, controlUser],
  );
  return new Map(rows.map((role) => [role.rolname, role]));
}

function missingStatements(roles: Map<string, Role>, settings: SetUpSettings): string[] {
  const { user, controlUser, connectionBudget } = settings;
  const [service, control] = [roles.get(user), roles.get(controlUser)];
  const [serviceName, controlName] = [escapeIdentifier(user), escapeIdentifier(controlUser)];
  const statements: string[] = [];
  if (!service) statements.push(`CREATE ROLE ${serviceName} LOGIN PASSWORD '…'`);
  else if (!service.rolcanlogin) statements.push(`ALTER ROLE ${serviceName} LOGIN PASSWORD '…'`);
  if (service?.rolconnlimit !== connectionBudget)
    statements.push(`ALTER ROLE ${serviceName} CONNECTION LIMIT ${connectionBudget}`);
  if (!control) statements.push(`CREATE ROLE ${controlName} LOGIN PASSWORD '…'`);
  else if (!control.rolcanlogin) statements.push(`ALTER ROLE ${controlName} LOGIN PASSWORD '…'`);
  if (!control?.sees) statements.push(`GRANT pg_monitor TO ${controlName}`);
  return statements;
}

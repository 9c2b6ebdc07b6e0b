import { type Client, escapeIdentifier } from 'pg';
import { MIGRATIONS_TABLE } from './migrate';

/** @throws with the statement that fixes it, if another role owns the database and this one may not create tables in it */
export async function checkPrivileges(owner: Client): Promise<void> {
  const { rows } = await owner.query<{
    me: string;
    name: string;
    its: string;
    tables: boolean;
    schemas: boolean;
  }>(
    `SELECT current_user AS me, datname AS name, pg_get_userbyid(datdba) AS its,
            to_regclass('public.${MIGRATIONS_TABLE}') IS NOT NULL OR has_schema_privilege('public', 'CREATE') AS tables,
            to_regnamespace('slow') IS NOT NULL OR has_database_privilege(datname, 'CREATE') AS schemas
     FROM pg_database WHERE datname = current_database()`,
  );
  const { me = '', name = '', its = '', tables = true, schemas = true } = rows[0] ?? {};
  if (tables && schemas) return;
  const [database, role] = [escapeIdentifier(name), escapeIdentifier(me)];
  const missing = tables ? 'make schemas in it' : 'make tables in its schema public';
  throw new Error(
    `database ${name} belongs to ${its}, and ${me} may not ${missing}. As ${its} or a superuser: ` +
      `ALTER DATABASE ${database} OWNER TO ${role}; or, in that database, ` +
      `GRANT CREATE ON DATABASE ${database} TO ${role}; GRANT CREATE ON SCHEMA public TO ${role};`,
  );
}

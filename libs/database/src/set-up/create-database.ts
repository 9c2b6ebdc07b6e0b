import { type Client, escapeIdentifier } from 'pg';
import type { Log, SetUpSettings } from './set-up-settings';

/** Creates the database, owned by the admin role: the services' role owns nothing that it could drop. */
export async function createDatabase(admin: Client, { database }: SetUpSettings, log: Log): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (rowCount) return;
  await admin.query(`CREATE DATABASE ${escapeIdentifier(database)}`);
  log(`database ${database} created`);
}

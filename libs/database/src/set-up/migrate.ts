import { join } from 'node:path';
import { PRODUCT_ROOT } from '@app/configuration';
import type { Client } from 'pg';
import type { Log } from './set-up-settings';

/** Table in which the migrations that ran are listed. */
export const MIGRATIONS_TABLE = 'migrations';

/** Brings the schema and the demo data up to date; each migration is one transaction. */
export async function migrate(owner: Client, log: Log): Promise<void> {
  // It is loaded here so that a service, which never migrates, starts without it.
  const { runner } = await import('node-pg-migrate');
  const ran = await runner({
    dbClient: owner,
    dir: join(PRODUCT_ROOT, 'libs/database/migrations'),
    direction: 'up',
    migrationsTable: MIGRATIONS_TABLE,
    advisoryLockMode: 'wait',
    log: () => undefined,
  });
  log(
    ran.length > 0 ? `schema: ${ran.map((migration) => migration.name).join(', ')}` : 'schema is up to date',
  );
}

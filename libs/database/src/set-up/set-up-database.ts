import { SessionClient, tls } from '@app/postgres-session';
import type { Client } from 'pg';
import { addDemoOrders } from './add-demo-orders';
import { addStatementStatistics } from './add-statement-statistics';
import { checkPrivileges } from './check-privileges';
import { checkServerLimit } from './check-server-limit';
import { createDatabase } from './create-database';
import { createRoles } from './create-roles';
import { grantPrivileges } from './grant-privileges';
import { migrate } from './migrate';
import type { Log, SetUpSettings } from './set-up-settings';

/** Key of the advisory lock under which set-ups run one after the other. */
const SET_UP_LOCK = 1_006_100;

/** Long enough for twenty set-ups one after the other, and for a slow server; yet nothing waits for ever. */
const SET_UP_SESSION = { lock_timeout: '60s', statement_timeout: '5min' };

/**
 * Makes a PostgreSQL server ready for the services: roles, database, schema with demo data, privileges. Changes nothing
 * that is already right; any number of processes may call it at once.
 * @throws the error of PostgreSQL when the admin role lacks a right it needs
 */
export async function setUpDatabase(settings: SetUpSettings, log: Log): Promise<void> {
  await connected(settings, settings.adminDatabase, async (admin) => {
    // Roles belong to the whole server, and two concurrent ALTER ROLE fail, so the lock encloses everything.
    await admin.query('SELECT pg_advisory_lock($1)', [SET_UP_LOCK]);
    await createRoles(admin, settings, log);
    await checkServerLimit(admin, settings, log);
    await createDatabase(admin, settings, log);
    await connected(settings, settings.database, async (owner) => {
      await checkPrivileges(owner);
      await migrate(owner, log);
      await grantPrivileges(owner, settings);
      await addDemoOrders(owner, settings, log);
      await addStatementStatistics(owner, log);
    });
  });
}

async function connected(
  settings: SetUpSettings,
  database: string,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const { host, port, adminUser: user, adminPassword: password } = settings;
  const ssl = tls(settings.tls);
  const client = new SessionClient({
    ...{ host, port, ssl, user, password, database },
    connectionTimeoutMillis: 5_000,
    session: SET_UP_SESSION,
  });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

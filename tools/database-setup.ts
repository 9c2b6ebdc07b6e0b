import { setUpDatabase } from '@app/database';
import { onlyHelp } from './command-line';
import { reason } from './database-login';
import { Environment } from './environment';
import { readSetUpSettings } from './set-up-settings';
import { waitForDatabase } from './wait-for-database';

const HELP = `Makes a PostgreSQL ready for the services: roles, database, tables with demo data, privileges.
Changes nothing that is right already; may run any number of times, and several at once.

  npm run db:setup

Reads the environment:
  DB_HOST                  where PostgreSQL is (required)
  DB_PORT                  5432
  DB_NAME                  database of the services, made if it is not there: productcatalog
  DB_ADMIN_USER            a role that may create roles and databases (required)
  DB_ADMIN_PASSWORD        (required)
  DB_ADMIN_DATABASE        an existing database to connect to first: postgres
  DB_USER                  role of the services, never a superuser: dbadmin
  DB_PASSWORD              the password it gets (required)
  DB_CONTROL_USER          role of the control connections: dbcontrol
  DB_CONTROL_PASSWORD      the password it gets (required)
  DB_CONNECTION_BUDGET     connections that DB_USER may hold, all services together: 100
  DB_SETUP_WAIT_SECONDS    how long to wait for PostgreSQL to accept connections: 60`;

async function main(): Promise<void> {
  if (onlyHelp(HELP)) return;
  const environment = new Environment();
  const settings = readSetUpSettings(environment);
  const seconds = environment.integer('DB_SETUP_WAIT_SECONDS', 60, 0, 3_600);
  environment.check();
  const { host, port, tls, adminUser: user, adminPassword: password, adminDatabase: database } = settings;
  const login = { host, port, tls, user, password, database };
  await waitForDatabase(login, seconds, (why) =>
    say(`waiting up to ${seconds} s for ${host}:${port} (${why})`),
  );
  await setUpDatabase(settings, say);
  say(`${settings.database} on ${host}:${port} is ready for the services`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What a person can do about the errors that are theirs to mend. */
function advice(error: unknown): string {
  switch ((error as { code?: string }).code) {
    case '28P01':
    case '28000':
      return 'Check DB_ADMIN_USER and DB_ADMIN_PASSWORD, and that pg_hba.conf lets this machine in.';
    case '3D000':
      return 'Set DB_ADMIN_DATABASE to a database that exists.';
    case '42501':
      return 'DB_ADMIN_USER may not do this: take a role with CREATEROLE and CREATEDB.';
    default:
      return 'Mend that, then run it again: what was done is not done twice. --help lists the variables.';
  }
}

// As the first process of a container Node would not be stopped by these.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

main().catch((error: unknown) => {
  process.stderr.write(`The database is not set up: ${reason(error)}\n${advice(error)}\n`);
  process.exitCode = 1;
});

import { readConfiguration } from '@app/configuration';
import { setUpDatabase } from '@app/database';
import { authority } from '../authority';
import { runCommand, say } from '../command-line';
import { OwnDatabaseToSetUp, setUpSettings } from '../database-configuration';
import { loginAdvice, reason } from '../database-login';
import { DATABASE_SETUP_HELP } from './database-setup-help';
import { waitForDatabase } from './wait-for-database';

async function setUp(): Promise<void> {
  const read = readConfiguration(OwnDatabaseToSetUp);
  const settings = setUpSettings(read);
  const seconds = read.DB_SETUP_WAIT_SECONDS;
  const { host, port, tls, adminUser: user, adminPassword: password, adminDatabase: database } = settings;
  const login = { host, port, tls, user, password, database };
  await waitForDatabase(login, seconds, (why) =>
    say(`waiting up to ${seconds} s for ${authority(host, port)} (${why})`),
  );
  await setUpDatabase(settings, say);
  say(`${settings.database} on ${authority(host, port)} is ready for the services`);
}

/** What a person can do about the errors that a person has to fix. */
function advice(error: unknown): string {
  const how = loginAdvice(error);
  if (how) return how;
  switch ((error as { code?: string }).code) {
    case '28P01':
    case '28000':
      return 'Check DB_ADMIN_USER and DB_ADMIN_PASSWORD, and that pg_hba.conf lets this machine in.';
    case '3D000':
      return 'Set DB_ADMIN_DATABASE to a database that exists.';
    case '42501':
      return 'DB_ADMIN_USER may not do this: take a role with CREATEROLE and CREATEDB.';
    case '55P03':
      return 'Another session holds a lock for longer than a minute: see pg_locks, then run it again.';
    default:
      return 'Fix that, then run it again: what was done is not done twice. --help lists the variables.';
  }
}

// As the first process of a container, Node would not be stopped by these.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

void runCommand({
  help: DATABASE_SETUP_HELP,
  options: {},
  run: setUp,
  explain: (error) => `The database is not set up: ${reason(error)}\n${advice(error)}`,
});

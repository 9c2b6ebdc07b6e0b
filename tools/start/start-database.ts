import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type SetUpSettings, setUpDatabase } from '@app/database';
import { type RunningPostgres, startPostgres } from '@app/embedded-postgres';
import { authority } from '../authority';
import type { ServiceAccess } from '../database-configuration';
import { logIn, loginAdvice, reason } from '../database-login';
import { CREDENTIALS, LOGS, POSTGRES_DATA, shortPath } from '../places';
import { loadCredentials } from './credentials';
import type { Restartable } from './kept-alive';
import { LogFile } from './log-file';
import { type StartRun, StopRequested } from './start-run';
import type { StartSettings } from './start-settings';

const POSTGRES = 'PostgreSQL';

/** The database that the services of a start use. */
export interface StartedDatabase {
  readonly access: ServiceAccess;
  /** Stops the server, and starts it again after this many milliseconds; only set if this start runs it. */
  readonly restart?: (awayMs: number) => Promise<void>;
}

/** Starts the embedded PostgreSQL and sets it up. */
export async function embeddedDatabase(run: StartRun, settings: StartSettings): Promise<StartedDatabase> {
  const credentials = loadCredentials(CREDENTIALS);
  const postgres = await startEmbedded(run, settings.embeddedPort, credentials.superuser);
  const { host, port } = postgres;
  const setUp: SetUpSettings = {
    ...{
      host,
      port,
      tls: 'disable',
      database: 'productcatalog',
      connectionBudget: settings.connectionBudget,
    },
    ...{ adminUser: postgres.superuser, adminPassword: postgres.password, adminDatabase: 'postgres' },
    ...{ user: 'dbadmin', password: credentials.dbadmin },
    ...{ controlUser: 'dbcontrol', controlPassword: credentials.dbcontrol },
    ...{ neighbourUser: 'dbneighbour', neighbourPassword: credentials.dbneighbour },
    demoOrders: settings.demoOrders,
  };
  await setUpStep(run, setUp);
  return { access: setUp, restart: (awayMs) => postgres.restart('fast', awayMs) };
}

/** Uses the PostgreSQL that DB_HOST names; sets it up if an admin role is given, otherwise only checks it. */
export async function ownDatabase(
  run: StartRun,
  { access, setUp }: NonNullable<StartSettings['own']>,
): Promise<StartedDatabase> {
  const server = `PostgreSQL at ${authority(access.host, access.port)}`;
  try {
    if (setUp) await setUpStep(run, setUp);
    else await checkStep(run, access, server);
  } catch (error) {
    if (error instanceof StopRequested) throw error;
    const usual = setUp
      ? 'Check DB_HOST and DB_ADMIN_*.'
      : 'Was it set up? DB_ADMIN_USER and DB_ADMIN_PASSWORD do it.';
    const advice = loginAdvice(error) ?? usual;
    throw new Error(`${server}: ${reason(error)}. ${advice}`);
  }
  return { access };
}

async function startEmbedded(run: StartRun, port: number, password: string): Promise<RunningPostgres> {
  mkdirSync(LOGS, { recursive: true });
  const file = new LogFile(join(LOGS, 'postgres.log'));
  const log = (line: string) => file.write(line);
  const starting = startPostgres({ dataDir: POSTGRES_DATA, port, password, log });
  let postgres: RunningPostgres | undefined;
  run.began({
    what: POSTGRES,
    stop: async () => {
      const started = await starting.catch(() => undefined);
      await run.supervisor.stopKeeping(POSTGRES);
      await started?.stop();
      return started !== undefined;
    },
    // A server that is still starting stops by itself when this process is gone.
    kill: async () => postgres?.stop('immediate'),
  });
  postgres = await run.step('starting PostgreSQL', () => starting, describe);
  run.supervisor.keep(restartable(postgres));
  return postgres;
}

/** Its data and its port stay; what was under way when it ended is rolled back. */
function restartable(postgres: RunningPostgres): Restartable {
  return {
    name: POSTGRES,
    ended: () => postgres.exited,
    startAgain: () => postgres.restart('immediate'),
  };
}

function describe({ version, host, port, dataDir, firstStart }: RunningPostgres): string {
  const data = `data in ${shortPath(dataDir)}${firstStart ? ' (first start)' : ''}`;
  return `PostgreSQL ${version} on ${authority(host, port)}, ${data}`;
}

// It logs in as the control role, which is outside the budget, because others may be using up the budget.
async function checkStep(run: StartRun, access: ServiceAccess, server: string): Promise<void> {
  const { host, port, tls, database, controlUser: user, controlPassword: password } = access;
  const done = () => `${server}, not set up here (DB_ADMIN_USER is not set)`;
  await run.step(`reaching ${server}`, () => logIn({ host, port, tls, database, user, password }), done);
}

async function setUpStep(run: StartRun, setUp: SetUpSettings): Promise<void> {
  const lines: string[] = [];
  const work = () => setUpDatabase(setUp, (line) => lines.push(line));
  const done = () =>
    [`database ${setUp.database} is set up`, ...lines.map((line) => `    ${line}`)].join('\n');
  await run.step('setting up the database', work, done);
}

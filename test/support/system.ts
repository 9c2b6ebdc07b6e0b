import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SetUpSettings } from '@app/database';
import { type RunningPostgres, startPostgres } from '@app/embedded-postgres';
import type { StarterMessage } from '@app/lifecycle';
import { Client } from 'pg';
import { program } from '../../tools/places';
import { copyPreparedData } from './prepared-data';
import { type AppName, RunningService } from './running-service';

/** A separate PostgreSQL server for one test file, with its services as real processes. */
export class System {
  /** Includes those that are still starting. */
  private readonly services: Promise<RunningService>[] = [];

  private constructor(
    readonly postgres: RunningPostgres,
    readonly settings: SetUpSettings,
    private readonly folder: string,
    /** Superuser session, outside every budget. */
    private client: Client,
  ) {}

  /**
   * @param setUp false leaves the server as initdb made it
   * @param settings further settings of the server, such as `log_connections=on`
   * @param log gets each line that the server writes
   */
  static async start({
    setUp = true,
    settings: more = [],
    log,
  }: {
    setUp?: boolean;
    settings?: string[];
    log?: (line: string) => void;
  } = {}): Promise<System> {
    const folder = await mkdtemp(join(tmpdir(), 'load-demo-test-'));
    // As root, PostgreSQL runs under another account, which must be able to enter.
    await chmod(folder, 0o711);
    const port = await freePort();
    const dataDir = join(folder, 'postgres');
    const settings = settingsAt(port);
    const copied = setUp && (await copyPreparedData(dataDir, makeData));
    const postgres = await startServer(dataDir, port, more, log);
    try {
      if (setUp && !copied) await setUpServer(settings);
      const client = await superuser(settings, setUp ? settings.database : 'postgres');
      return new System(postgres, settings, folder, client);
    } catch (error) {
      await postgres.stop('immediate');
      throw error;
    }
  }

  /** Starts a service, or a replica of one that was already started. */
  async service(name: AppName, environment: Record<string, string> = {}): Promise<RunningService> {
    const { host, port, database, user, password, controlUser, controlPassword } = this.settings;
    const { neighbourUser, neighbourPassword } = this.settings;
    const service = RunningService.start(name, {
      DB_HOST: host,
      DB_PORT: String(port),
      DB_NAME: database,
      DB_USER: user,
      DB_PASSWORD: password,
      DB_CONTROL_USER: controlUser,
      DB_CONTROL_PASSWORD: controlPassword,
      DB_NEIGHBOUR_USER: neighbourUser,
      DB_NEIGHBOUR_PASSWORD: neighbourPassword,
      SHUTDOWN_DRAIN_MS: '100',
      ...environment,
    });
    this.services.push(service);
    return service;
  }

  /** Runs one statement as superuser. */
  async sql<Row extends object = Record<string, any>>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(text, values)).rows;
  }

  /** Connections that PostgreSQL counts for the role of the services. */
  async openConnections(): Promise<number> {
    const [row] = await this.sql<{ open: number }>(
      `SELECT count(*)::int AS open FROM pg_stat_activity WHERE usename = $1`,
      [this.settings.user],
    );
    return row?.open ?? Number.NaN;
  }

  /** Resolves with `performance.now()` at the moment when PostgreSQL accepts connections again. */
  async restartPostgres(mode: 'fast' | 'immediate', awayMs = 0): Promise<number> {
    await this.client.end().catch(() => undefined);
    await this.postgres.restart(mode, awayMs);
    const accepting = performance.now();
    this.client = await superuser(this.settings, this.settings.database);
    return accepting;
  }

  /** Restarts PostgreSQL when that service requests it, as `npm start` does. */
  offerRestart({ process }: RunningService): void {
    const offer: StarterMessage = { restartsDatabase: true };
    process.on('message', (message: StarterMessage) => {
      if (message.restartDatabase) void this.restartPostgres('fast', message.restartDatabase.awayMs);
    });
    process.send(offer);
  }

  async stop(): Promise<void> {
    // A service that failed to start has ended; the others must not outlive the failure.
    const started = await Promise.allSettled(this.services);
    await Promise.all(started.map((one) => one.status === 'fulfilled' && one.value.stop('SIGKILL')));
    await this.client.end().catch(() => undefined);
    await this.postgres.stop('immediate');
    await rm(this.folder, { recursive: true, force: true });
  }
}

const PASSWORD = 'superuser-password';

function settingsAt(port: number): SetUpSettings {
  return {
    tls: 'disable',
    host: '127.0.0.1',
    port,
    adminUser: 'postgres',
    adminPassword: PASSWORD,
    adminDatabase: 'postgres',
    database: 'productcatalog',
    user: 'dbadmin',
    password: 'dbadmin-password',
    controlUser: 'dbcontrol',
    controlPassword: 'dbcontrol-password',
    neighbourUser: 'dbneighbour',
    neighbourPassword: 'dbneighbour-password',
    connectionBudget: 100,
  };
}

function startServer(
  dataDir: string,
  port: number,
  settings: string[],
  log?: (line: string) => void,
): Promise<RunningPostgres> {
  const flags = ['fsync=off', ...settings].flatMap((setting) => ['-c', setting]);
  return startPostgres({
    dataDir,
    port,
    password: PASSWORD,
    flags,
    log,
    programs: process.env.TEST_POSTGRES,
  });
}

/** Runs the set-up as `npm run db:setup` does: in a process of its own, so that no test file loads all its libraries. */
async function setUpServer(settings: SetUpSettings): Promise<void> {
  await promisify(execFile)(process.execPath, [program('database-setup')], {
    env: {
      DB_HOST: settings.host,
      DB_PORT: String(settings.port),
      DB_SSL: settings.tls,
      DB_NAME: settings.database,
      DB_ADMIN_USER: settings.adminUser,
      DB_ADMIN_PASSWORD: settings.adminPassword,
      DB_ADMIN_DATABASE: settings.adminDatabase,
      DB_USER: settings.user,
      DB_PASSWORD: settings.password,
      DB_CONTROL_USER: settings.controlUser,
      DB_CONTROL_PASSWORD: settings.controlPassword,
      DB_NEIGHBOUR_USER: settings.neighbourUser,
      DB_NEIGHBOUR_PASSWORD: settings.neighbourPassword,
      DB_CONNECTION_BUDGET: String(settings.connectionBudget),
    },
  });
}

/** Makes the data of a server that was set up and stopped, for others to copy; resolves with its folder. */
async function makeData(asked: string): Promise<string> {
  const port = await freePort();
  const postgres = await startServer(asked, port, []);
  try {
    await setUpServer(settingsAt(port));
  } finally {
    await postgres.stop('fast');
  }
  return postgres.dataDir;
}

async function superuser(settings: SetUpSettings, database: string): Promise<Client> {
  const { host, port, adminUser: user, adminPassword: password } = settings;
  const client = new Client({ host, port, user, password, database });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A TCP port on loopback that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

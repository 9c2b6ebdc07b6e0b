import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SetUpSettings, setUpDatabase } from '@app/database';
import { Client } from 'pg';
import { type RunningPostgres, startPostgres } from '../../tools/postgres';
import { type AppName, RunningService } from './running-service';

/** A PostgreSQL server of its own for one test file, with its services as real processes. */
export class System {
  /** Also those that are still starting. */
  private readonly services: Promise<RunningService>[] = [];

  private constructor(
    readonly postgres: RunningPostgres,
    readonly settings: SetUpSettings,
    private readonly folder: string,
    /** Superuser session, outside every budget. */
    private client: Client,
  ) {}

  /** @param setUp false leaves the server as initdb made it */
  static async start({ setUp = true } = {}): Promise<System> {
    const folder = await mkdtemp(join(tmpdir(), 'load-demo-test-'));
    // As root, PostgreSQL runs under another account, which must be able to enter.
    await chmod(folder, 0o711);
    const password = 'superuser-password';
    const port = await freePort();
    const flags = ['-c', 'fsync=off'];
    const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port, password, flags });
    const settings: SetUpSettings = {
      tls: 'disable',
      host: postgres.host,
      port,
      adminUser: postgres.superuser,
      adminPassword: password,
      adminDatabase: 'postgres',
      database: 'productcatalog',
      user: 'dbadmin',
      password: 'dbadmin-password',
      controlUser: 'dbcontrol',
      controlPassword: 'dbcontrol-password',
      connectionBudget: 100,
    };
    try {
      if (setUp) await setUpDatabase(settings, () => undefined);
      const client = await superuser(settings, setUp ? settings.database : 'postgres');
      return new System(postgres, settings, folder, client);
    } catch (error) {
      await postgres.stop('immediate');
      throw error;
    }
  }

  /** Starts a service; called again for the same one, a replica. */
  async service(name: AppName, environment: Record<string, string> = {}): Promise<RunningService> {
    const { host, port, database, user, password, controlUser, controlPassword } = this.settings;
    const service = RunningService.start(name, {
      DB_HOST: host,
      DB_PORT: String(port),
      DB_NAME: database,
      DB_USER: user,
      DB_PASSWORD: password,
      DB_CONTROL_USER: controlUser,
      DB_CONTROL_PASSWORD: controlPassword,
      SHUTDOWN_DRAIN_MS: '100',
      ...environment,
    });
    this.services.push(service);
    return service;
  }

  /** One statement as superuser. */
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

  /** Resolves with `performance.now()` of the moment from which PostgreSQL accepts connections again. */
  async restartPostgres(mode: 'fast' | 'immediate'): Promise<number> {
    await this.client.end().catch(() => undefined);
    await this.postgres.restart(mode);
    const accepting = performance.now();
    this.client = await superuser(this.settings, this.settings.database);
    return accepting;
  }

  async stop(): Promise<void> {
    // One that failed to start has ended; the others must not outlive the failure.
    const started = await Promise.allSettled(this.services);
    await Promise.all(started.map((one) => one.status === 'fulfilled' && one.value.stop('SIGKILL')));
    await this.client.end().catch(() => undefined);
    await this.postgres.stop('immediate');
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function superuser(settings: SetUpSettings, database: string): Promise<Client> {
  const { host, port, adminUser: user, adminPassword: password } = settings;
  const client = new Client({ host, port, user, password, database });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A TCP port on loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { descendants, letRunAnywhere } from './machine.ts';
import { spread } from './statistics.ts';

// The built product.
const require = createRequire(import.meta.url);
const { startPostgres } = require('../dist/libs/embedded-postgres/src/index.js');
const { setUpDatabase } = require('../dist/libs/database/src/index.js');

/** Each process under test may have as many as it wants, because the budget is not what is measured here. */
const BUDGET = 300;
/** Milliseconds between two polls of the connections. */
const UNTIL_EVERY_MS = 10;
/** Enough products that simultaneous changes seldom meet at the same row. */
export const PRODUCTS = 1_000;

/** A PostgreSQL of the benchmark's own, with the schema of the product. */
export class Database {
  private readonly postgres: { stop(mode: string): Promise<void>; pid: number };
  readonly folder: string;
  private readonly superuser: pg.Client;
  readonly superuserLogin: pg.ClientConfig;
  /** The variables with which services and peers find it. */
  readonly environment: Record<string, string>;
  readonly port: number;

  private constructor(
    postgres: Database['postgres'],
    folder: string,
    superuser: pg.Client,
    superuserLogin: pg.ClientConfig,
    environment: Record<string, string>,
  ) {
    this.postgres = postgres;
    this.folder = folder;
    this.superuser = superuser;
    this.superuserLogin = superuserLogin;
    this.environment = environment;
    this.port = Number(environment.DB_PORT);
  }

  /** @param maxConnections of the server */
  static async start(maxConnections = BUDGET + 20): Promise<Database> {
    const folder = await mkdtemp(join(tmpdir(), 'load-demo-bench-'));
    await chmod(folder, 0o711);
    const port = await freePort();
    const password = 'superuser-password';
    // The disk is not what is compared.
    const flags = [
      '-c',
      'fsync=off',
      '-c',
      'synchronous_commit=off',
      '-c',
      `max_connections=${maxConnections}`,
    ];
    const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port, password, flags });
    await setUpDatabase(
      {
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
        neighbourUser: 'dbneighbour',
        neighbourPassword: '',
        connectionBudget: BUDGET,
      },
      () => undefined,
    );
    const login = {
      host: postgres.host,
      port,
      user: postgres.superuser,
      password,
      database: 'productcatalog',
    };
    const superuser = new pg.Client(login);
    await superuser.connect();
    const database = new Database(postgres, folder, superuser, login, {
      DB_HOST: postgres.host,
      DB_PORT: String(port),
      DB_NAME: 'productcatalog',
      DB_USER: 'dbadmin',
      DB_PASSWORD: 'dbadmin-password',
      DB_CONTROL_USER: 'dbcontrol',
      DB_CONTROL_PASSWORD: 'dbcontrol-password',
    });
    await database.fill();
    return database;
  }

  /** Runs a statement as superuser. */
  async sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await this.superuser.query(text, values)).rows;
  }

  /** Milliseconds that a statement takes, the median of a hundred. */
  async time(text: string): Promise<number> {
    const times: number[] = [];
    for (let run = 0; run < 100; run++) {
      const started = performance.now();
      await this.sql(text);
      times.push(performance.now() - started);
    }
    return spread(times).median;
  }

  /** Waits until the services have that many connections, as PostgreSQL counts them. */
  untilOpen(reached: (open: number) => boolean): Promise<void> {
    return this.until(reached, `SELECT count(*)::int FROM pg_stat_activity WHERE usename = 'dbadmin'`);
  }

  /** Waits until PostgreSQL counts exactly that many held connections. */
  untilHeld(wanted: number): Promise<void> {
    return this.until(
      (held) => held === wanted,
      `SELECT count(*)::int FROM pg_stat_activity WHERE application_name LIKE '% held'`,
    );
  }

  /** Sessions that the server has begun so far, by its own count. */
  async sessions(): Promise<number> {
    const [row] = await this.sql("SELECT sessions FROM pg_stat_database WHERE datname = 'productcatalog'");
    return Number(row?.sessions);
  }

  get pid(): number {
    return this.postgres.pid;
  }

  /** Lets the server run on every core from now on, as it would without a benchmark. */
  spread(): void {
    for (const pid of descendants(this.postgres.pid)) letRunAnywhere(pid);
  }

  /** Makes exactly that many orders, and leaves the tables as after a good night's vacuum. */
  async orders(count: number): Promise<void> {
    await this.sql('TRUNCATE orders RESTART IDENTITY');
    await this.sql(
      `INSERT INTO orders (user_id, product_id, quantity)
       SELECT 'bench', 1 + i % $2, 1 + i % 5 FROM generate_series(1, $1::int) AS i`,
      [count, PRODUCTS],
    );
    await this.sql('VACUUM ANALYZE orders');
    await this.sql('VACUUM ANALYZE products');
  }

  async stop(): Promise<void> {
    await this.superuser.end();
    await this.postgres.stop('immediate');
    await rm(this.folder, { recursive: true, force: true });
  }

  private async until(reached: (count: number) => boolean, query: string): Promise<void> {
    const deadline = performance.now() + 20_000;
    for (;;) {
      const [row] = await this.sql(query);
      if (reached(Number(row?.count))) return;
      if (performance.now() > deadline) throw new Error(`still ${row?.count} connections after 20 s`);
      // Polling without a pause would take one of the server's two cores.
      await setTimeout(UNTIL_EVERY_MS);
    }
  }

  private async fill(): Promise<void> {
    await this.sql(
      `INSERT INTO products (name, category, price, description)
       SELECT 'Product ' || i, 'Bench', 10, 'For the benchmark'
       FROM generate_series((SELECT count(*) FROM products) + 1, $1::int) AS i`,
      [PRODUCTS],
    );
    // No reservation may fail for lack of stock.
    await this.sql('UPDATE products SET stock_quantity = 2000000000');
    await this.orders(10);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

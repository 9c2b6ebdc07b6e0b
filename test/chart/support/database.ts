import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './places.ts';

// They come from the checkout: the embedded PostgreSQL and its driver are the product's own.
const fromCheckout = createRequire(join(ROOT, 'package.json'));

interface RunningPostgres {
  readonly port: number;
  stop(mode: 'fast' | 'immediate'): Promise<void>;
}

/** A real PostgreSQL, started with the arguments that the chart gives to its container. */
export class Database {
  readonly port: number;
  private readonly server: RunningPostgres;
  private readonly folder: string;
  private readonly password: string;

  private constructor(server: RunningPostgres, folder: string, password: string) {
    this.server = server;
    this.folder = folder;
    this.password = password;
    this.port = server.port;
  }

  static async start(flags: string[], password: string): Promise<Database> {
    const folder = mkdtempSync(join(tmpdir(), 'chart-database-'));
    const { startPostgres } = fromCheckout('./dist/libs/embedded-postgres/src/index.js');
    const port = await freePort();
    const options = {
      dataDir: join(folder, 'postgres'),
      port,
      password,
      flags: [...flags, '-c', 'fsync=off'],
    };
    return new Database(await startPostgres(options), folder, password);
  }

  /** Runs one statement as the superuser. */
  async sql(text: string, database = 'productcatalog'): Promise<Record<string, unknown>[]> {
    const { Client } = fromCheckout('pg');
    const client = new Client({
      host: '127.0.0.1',
      port: this.port,
      user: 'postgres',
      password: this.password,
      database,
    });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await this.server.stop('immediate');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

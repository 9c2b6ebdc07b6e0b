import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SetUpSettings, setUpDatabase } from '@app/database';
import { startPostgres } from '@app/embedded-postgres';
import type { FaultDescription } from '@app/service-client';
import { Client } from 'pg';
import { program } from '../places';
import { ServiceProcess } from '../start/service-process';
import type { Capture } from './capture';

const QUIET = () => undefined;
/** Short, so that a request that gets no connection need not wait for 3 s. */
const ACQUIRE_TIMEOUT_MS = '400';

/**
 * Starts its own PostgreSQL and the three services, uses every route, and causes the faults of a service, a wait that
 * times out, a locked table, a caller that disconnects and a statement that PostgreSQL refuses; then it ends
 * everything. Afterwards the capture contains what was sent; inventory-service sends JSON, the others protobuf.
 */
export async function driveDemo(capture: Capture, say: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'load-demo-conformance-'));
  chmodSync(folder, 0o711);
  const password = 'conformance-only';
  const port = await freePort();
  const postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port,
    password,
    flags: ['-c', 'fsync=off'],
  });
  const services: ServiceProcess[] = [];
  try {
    say('PostgreSQL is up');
    const settings = setUpSettings(port, password);
    await setUpDatabase(settings, QUIET);
    const start = async (name: string, protocol: 'http/protobuf' | 'http/json') => {
      const service = new ServiceProcess({
        name,
        port: await freePort(),
        main: program(name),
        logFile: join(folder, `${name}.log`),
        env: { PATH: process.env.PATH, ...environment(settings), ...capture.environment(protocol) },
      });
      services.push(service);
      await service.listening();
      return `http://127.0.0.1:${service.settings.port}`;
    };
    const urls = await Promise.all([
      start('product', 'http/protobuf'),
      start('inventory', 'http/json'),
      start('order', 'http/protobuf'),
    ]);
    say('three services are up');
    await drive(urls, settings, say);
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    await postgres.stop('immediate');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function drive(
  [product, inventory, order]: [string, string, string],
  settings: SetUpSettings,
  say: (line: string) => void,
): Promise<void> {
  const get = async (url: string) => void (await (await fetch(url)).text());
  const post = async (url: string, body: object = {}, headers: Record<string, string> = {}) =>
    void (await (await fetch(url, { method: 'POST', body: JSON.stringify(body), headers })).text());
  const everyRoute = async () => {
    await get(`${product}/products?category=Audio&limit=3`);
    await get(`${product}/products/5`);
    await get(`${inventory}/inventory/check/5`);
    await post(`${inventory}/inventory/reserve`, { product_id: 5, quantity: 1 });
    await post(
      `${inventory}/inventory/reserve`,
      { product_id: 5, quantity: 1 },
      { 'Idempotency-Key': 'once' },
    );
    await get(`${order}/orders/popular-products?limit=5`);
    await post(`${order}/orders/create`, { user_id: 'someone', product_id: 5, quantity: 2 });
  };
  await everyRoute();
  await get(`${product}/products/2147483647`);
  await post(`${order}/orders/create`, { quantity: 0 });
  say('every route, good and bad requests');

  for (const { name, acts_on, available, settings: schema } of await offered(inventory)) {
    if (acts_on !== 'service' || !available) continue;
    await post(`${inventory}/demo/faults/${name}`, smallest(schema));
    await get(`${inventory}/inventory/check/5`);
    await post(`${inventory}/demo/reset`);
    say(`the fault ${name}`);
  }

  await asSuperuser(settings, 'ALTER ROLE dbadmin CONNECTION LIMIT 0');
  await asSuperuser(
    settings,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'dbadmin'",
  );
  await get(`${order}/orders/popular-products`);
  await get(`${product}/products/5`);
  await asSuperuser(settings, `ALTER ROLE dbadmin CONNECTION LIMIT ${settings.connectionBudget}`);
  say('an exhausted budget');

  const locked = await lockProducts(settings);
  const waiting = [get(`${product}/products/5`), get(`${inventory}/inventory/check/5`)];
  const gone = fetch(`${product}/products/5`, { signal: AbortSignal.timeout(100) }).catch(() => undefined);
  await gone;
  await locked.release();
  await Promise.all(waiting);
  say('a locked table, and a caller that hangs up');

  await asSuperuser(settings, 'REVOKE SELECT ON products FROM dbadmin');
  await get(`${product}/products/5`);
  await get(`${inventory}/inventory/check/5`);
  await asSuperuser(settings, 'GRANT SELECT ON products TO dbadmin');
  await everyRoute();
  say('statements that PostgreSQL refuses');
}

async function offered(url: string): Promise<FaultDescription[]> {
  const answer = await fetch(`${url}/demo/faults`);
  return ((await answer.json()) as { faults: FaultDescription[] }).faults;
}

/** The smallest value of each setting: enough to be seen, and over soon. */
function smallest({ properties }: FaultDescription['settings']): object {
  const least = Object.entries(properties).map(([name, { minimum, default: usual }]) => [
    name,
    minimum ?? usual,
  ]);
  return { ...Object.fromEntries(least), ttl_seconds: 60 };
}

function setUpSettings(port: number, password: string): SetUpSettings {
  return {
    ...{ host: '127.0.0.1', port, tls: 'disable', database: 'productcatalog', connectionBudget: 100 },
    ...{ adminUser: 'postgres', adminPassword: password, adminDatabase: 'postgres' },
    ...{ user: 'dbadmin', password, controlUser: 'dbcontrol', controlPassword: password },
    ...{ neighbourUser: 'dbneighbour', neighbourPassword: password },
  };
}

function environment(settings: SetUpSettings): Record<string, string> {
  return {
    LISTEN_ADDRESS: '127.0.0.1',
    DB_HOST: settings.host,
    DB_PORT: String(settings.port),
    DB_PASSWORD: settings.password,
    DB_CONTROL_PASSWORD: settings.controlPassword,
    DB_ACQUIRE_TIMEOUT_MS: ACQUIRE_TIMEOUT_MS,
    SHUTDOWN_DRAIN_MS: '0',
  };
}

/** Locks the table that all reads use, as a migration does, until it is released. */
async function lockProducts(settings: SetUpSettings): Promise<{ release(): Promise<void> }> {
  const client = await superuser(settings);
  await client.query('BEGIN; LOCK TABLE products');
  return { release: () => client.end() };
}

async function asSuperuser(settings: SetUpSettings, statement: string): Promise<void> {
  const client = await superuser(settings);
  await client.query(statement);
  await client.end();
}

async function superuser(settings: SetUpSettings): Promise<Client> {
  const { host, port, adminUser: user, adminPassword: password, database } = settings;
  const client = new Client({ host, port, user, password, database });
  await client.connect();
  return client;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setUpDatabase } from '@app/database';
import { Client } from 'pg';
import { eventually } from './support/eventually';
import { System } from './support/system';

const CLI = join(__dirname, '../dist/database-setup.js');

describe('the set-up of the database', () => {
  let system: System;

  beforeEach(async () => {
    system = await System.start({ setUp: false });
  });
  afterEach(() => system?.stop());

  const quietly = () => undefined;

  async function connect(user: string, password: string, database = 'productcatalog'): Promise<Client> {
    const { host, port } = system.settings;
    const client = new Client({ host, port, user, password, database });
    client.on('error', quietly);
    await client.connect();
    return client;
  }

  async function demoData(): Promise<{ products: number; orders: number; migrations: number }> {
    const client = await connect('postgres', system.settings.adminPassword);
    const { rows } = await client.query(`SELECT (SELECT count(*)::int FROM products) AS products,
      (SELECT count(*)::int FROM orders) AS orders, (SELECT count(*)::int FROM migrations) AS migrations`);
    await client.end();
    return rows[0];
  }

  it('works for an owner that is not a superuser, as on a managed server', async () => {
    await system.sql(`CREATE ROLE owner LOGIN CREATEROLE CREATEDB PASSWORD 'owner-password'`);
    const settings = { ...system.settings, adminUser: 'owner', adminPassword: 'owner-password' };
    const lines: string[] = [];
    await setUpDatabase(settings, (line) => lines.push(line));
    await setUpDatabase(settings, quietly);
    // Until version 15, a role that may create roles may also grant pg_monitor.
    const [{ major } = { major: 0 }] = await system.sql<{ major: number }>(
      `SELECT current_setting('server_version_num')::int / 10000 AS major`,
    );
    const substitute = 'dbcontrol became a member of dbadmin';
    expect(lines.some((line) => line.includes(substitute))).toBe(major > 15);

    const [inventory, order] = await Promise.all([system.service('inventory'), system.service('order')]);
    const { body } = await inventory.post('/demo/simulate-pool-exhaustion');
    expect(body).toMatchObject({ effective: true, measured: { holding: 95 } });
    await eventually(async () => {
      expect((await order.get('/health')).body.connection_pool).toMatchObject({
        active_connections: 95,
        enforced: true,
      });
    });
  });

  it('works with roles that somebody else made, and names what is missing from them', async () => {
    await system.sql(`CREATE ROLE shop LOGIN PASSWORD 'shop-password'`);
    await system.sql('CREATE DATABASE productcatalog OWNER shop');
    const settings = {
      ...system.settings,
      adminUser: 'shop',
      adminPassword: 'shop-password',
      adminDatabase: 'productcatalog',
    };
    const lines: string[] = [];
    const setUp = () => setUpDatabase(settings, (line) => lines.push(line));
    await expect(setUp()).rejects.toThrow(
      /CREATE ROLE "dbadmin".*CONNECTION LIMIT 100.*CREATE ROLE "dbcontrol".*GRANT pg_monitor/s,
    );
    await system.sql(`CREATE ROLE dbadmin LOGIN PASSWORD 'dbadmin-password' CONNECTION LIMIT 90`);
    await system.sql(`CREATE ROLE dbcontrol LOGIN PASSWORD 'dbcontrol-password'`);
    await system.sql('GRANT pg_monitor TO dbcontrol');
    await expect(setUp()).rejects.toThrow('  ALTER ROLE "dbadmin" CONNECTION LIMIT 100;');
    await system.sql('ALTER ROLE dbadmin CONNECTION LIMIT 100');
    await setUp();
    await setUp();
    expect(lines.join('\n')).toContain('made by somebody else, and stay as they are');

    const inventory = await system.service('inventory');
    const { body } = await inventory.post('/demo/simulate-pool-exhaustion');
    expect(body).toMatchObject({ effective: true, measured: { holding: 95 } });
  });

  it('lets PostgreSQL itself refuse the 101st connection, and gives the services no right they do not need', async () => {
    await setUpDatabase(system.settings, quietly);
    const clients = await Promise.all(
      Array.from({ length: 100 }, () => connect('dbadmin', 'dbadmin-password')),
    );
    await expect(connect('dbadmin', 'dbadmin-password')).rejects.toMatchObject({ code: '53300' });
    const control = await connect('dbcontrol', 'dbcontrol-password');
    const [client] = clients;
    for (const forbidden of [
      'DROP TABLE orders',
      'DELETE FROM orders',
      'UPDATE products SET price = 0',
      'SELECT * FROM demo_faults',
      'CREATE TABLE mine (id int)',
      'ALTER ROLE dbadmin CONNECTION LIMIT 200',
    ]) {
      await expect(client?.query(forbidden)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(control.query('SELECT * FROM orders')).rejects.toMatchObject({ code: '42501' });
    await Promise.all([...clients, control].map((each) => each.end()));
  });

  it('refuses a superuser as the role of the services, since no limit binds it', async () => {
    await system.sql('CREATE ROLE dbadmin SUPERUSER LOGIN');
    await expect(setUpDatabase(system.settings, quietly)).rejects.toThrow('role dbadmin is a superuser');
  });

  it('is a command that names what is missing, and says what to do when it fails', async () => {
    const run = (environment: Record<string, string>, ...options: string[]) =>
      promisify(execFile)(process.execPath, [CLI, ...options], {
        env: { PATH: process.env.PATH, ...environment },
      });
    expect((await run({}, '--help')).stdout).toContain('DB_ADMIN_USER');
    await expect(run({})).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('DB_ADMIN_PASSWORD'),
    });
    const { host, port, adminUser, adminPassword } = system.settings;
    const environment = {
      DB_HOST: host,
      DB_PORT: String(port),
      DB_ADMIN_USER: adminUser,
      DB_ADMIN_PASSWORD: adminPassword,
      DB_PASSWORD: 'dbadmin-password',
      DB_CONTROL_PASSWORD: 'dbcontrol-password',
    };
    await run(environment);
    expect((await demoData()).products).toBe(24);
    await expect(run({ ...environment, DB_ADMIN_PASSWORD: 'wrong' })).rejects.toMatchObject({ code: 1 });
  });
});

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setUpDatabase } from '@app/database';
import { eventually } from './support/eventually';
import { System } from './support/system';

const CLI = join(__dirname, '../dist/database-setup.js');

describe('a PostgreSQL server of your own', () => {
  let system: System;

  beforeAll(async () => {
    system = await System.start({ setUp: false, settings: ['max_connections=100'] });
  });
  afterAll(() => system?.stop());

  /** The set-up as a command, by an administrator who is not a superuser. */
  function setUp(
    environment: Record<string, string>,
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const { host, port } = system.settings;
    const env = {
      PATH: process.env.PATH,
      DB_HOST: host,
      DB_PORT: String(port),
      DB_ADMIN_USER: 'owner',
      DB_ADMIN_PASSWORD: 'owner-password',
      DB_PASSWORD: 'dbadmin-password',
      DB_CONTROL_PASSWORD: 'dbcontrol-password',
      ...environment,
    };
    return new Promise((done) =>
      execFile(process.execPath, [CLI], { env }, (error, stdout, stderr) =>
        done({ code: error ? Number(error.code) : 0, stdout, stderr }),
      ),
    );
  }

  it('whose own limit is reached before that of the budget causes a warning with the arithmetic, and is named by health and verdict', async () => {
    const lines: string[] = [];
    await setUpDatabase(system.settings, (line) => lines.push(line));
    expect(lines.join('\n')).toMatch(
      /WARNING: a budget of 100 does not fit here: max_connections 100 - [38] reserved - \d+ of other roles now - 5 control/,
    );
    expect(lines.join('\n')).toMatch(/max_connections to 1\d\d or more .*or set DB_CONNECTION_BUDGET=\d\d\./);

    const [inventory, order] = await Promise.all([system.service('inventory'), system.service('order')]);
    const { body } = await inventory.post('/demo/simulate-pool-exhaustion', { connections: 100 });
    expect(body.effective).toBe(false);
    await eventually(async () => {
      const exhaustion = (await inventory.get('/health')).body.faults['pool-exhaustion'];
      expect(exhaustion.detail).toMatch(
        /^NOT EFFECTIVE: asked 100, holding \d\d; .*the server itself takes 9\d of ordinary roles \(max_connections 100, [38] reserved\), and \d+ are open: dbadmin \d\d, /,
      );
    });
    for (const service of [inventory, order])
      await eventually(async () => {
        const { status, connection_pool } = (await service.get('/health')).body;
        expect(status).toBe('exhausted');
        expect(connection_pool.max_connections).toBe(100);
        expect(connection_pool.server).toMatchObject({ max_connections: 100, free: 0 });
        expect(connection_pool.server.by_role.dbadmin).toBeGreaterThan(80);
      });
    expect(order.output).toContain(
      'The budget of 100 connections cannot be used in full: the server itself takes 9',
    );
    await inventory.post('/demo/reset');
    await eventually(async () => expect((await order.get('/health')).body.status).toBe('ok'));
    await Promise.all([inventory.stop(), order.stop()]);
  });

  it('with a database that is another role’s is set up once its owner says so: one line explains how', async () => {
    await system.sql(`CREATE ROLE owner LOGIN CREATEROLE CREATEDB PASSWORD 'owner-password'`);
    await system.sql('CREATE ROLE others');
    await system.sql('CREATE DATABASE theirs OWNER others');
    const own = { DB_NAME: 'theirs', DB_USER: 'mine', DB_CONTROL_USER: 'minecontrol' };
    const refused = await setUp(own);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('database theirs belongs to others, and owner may not');
    expect(refused.stderr).toContain('ALTER DATABASE "theirs" OWNER TO "owner"');
    expect(refused.stderr.trim().split('\n')).toHaveLength(2);
    await system.sql('ALTER DATABASE theirs OWNER TO owner');
    expect(await setUp(own)).toMatchObject({ code: 0 });
  });

  it('with roles that another role made names what is missing', async () => {
    await system.sql('CREATE ROLE foreigner LOGIN');
    const { code, stderr } = await setUp({
      DB_NAME: 'more',
      DB_USER: 'foreigner',
      DB_CONTROL_USER: 'minecontrol',
    });
    // Before PostgreSQL 16, CREATEROLE is enough to change any role.
    if (Number.parseInt(system.postgres.version, 10) < 16) return expect(code).toBe(0);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('GRANT "foreigner" TO "owner" WITH ADMIN OPTION;'),
    ]);
    await system.sql('GRANT foreigner TO owner WITH ADMIN OPTION');
    expect(
      await setUp({ DB_NAME: 'more', DB_USER: 'foreigner', DB_CONTROL_USER: 'minecontrol' }),
    ).toMatchObject({ code: 0 });
  });

  it('that wants encryption, or has none, leads to a message with the variable that sets it', async () => {
    expect((await setUp({ DB_SSL: 'require' })).stderr).toContain('unset DB_SSL');
    const hba = join(system.postgres.dataDir, 'pg_hba.conf');
    writeFileSync(hba, 'hostssl all owner all scram-sha-256\nhost all postgres all scram-sha-256\n');
    await system.sql('SELECT pg_reload_conf()');
    await eventually(async () => expect((await setUp({})).stderr).toContain('set DB_SSL=require'));
  });
});

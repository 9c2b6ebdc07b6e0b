import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUpDatabase } from '@app/database';
import { eventually } from './support/eventually';
import type { RunningService } from './support/running-service';
import { System } from './support/system';

/** Settings that somebody made for other purposes. Those that a version lacks are left out. */
const ELSEWHERE: Record<string, string> = {
  search_path: '"$user"',
  DateStyle: 'German, DMY',
  IntervalStyle: 'iso_8601',
  TimeZone: 'Asia/Kathmandu',
  bytea_output: 'escape',
  extra_float_digits: '-15',
  standard_conforming_strings: 'off',
  client_min_messages: 'error',
  row_security: 'off',
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  default_transaction_read_only: 'on',
  client_encoding: 'LATIN1',
  statement_timeout: '100ms',
  lock_timeout: '1ms',
  idle_in_transaction_session_timeout: '1ms',
  idle_session_timeout: '1s',
  transaction_timeout: '200ms',
};

/** What libpq reads from a shell; this product uses none of it. */
const SHELL = {
  PGOPTIONS: '-c search_path=nowhere -c no.such=setting -c statement_timeout=1',
  PGREPLICATION: 'database',
  PGSSLMODE: 'require',
  PGSSLNEGOTIATION: 'direct',
  PGCLIENT_ENCODING: 'LATIN1',
  PGAPPNAME: 'somebody',
  PGUSER: 'nobody',
  PGDATABASE: 'nothing',
  PGHOST: '192.0.2.1',
  PGPORT: '1',
  PGPASSWORD: 'wrong',
  PGTZ: 'Asia/Kathmandu',
  PGDATESTYLE: 'German',
};

describe('sessions', () => {
  let system: System;

  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system?.stop());
  afterEach(async () => {
    await system.sql('ROLLBACK');
    await system.sql('ALTER DATABASE productcatalog RESET ALL');
    for (const role of ['dbadmin', 'dbcontrol']) await system.sql(`ALTER ROLE ${role} RESET ALL`);
    await system.sql('ALTER SYSTEM RESET ALL');
    await system.sql('SELECT pg_reload_conf()');
  });

  async function change(target: string, settings = ELSEWHERE): Promise<void> {
    const known = await system.sql<{ name: string }>('SELECT name FROM pg_settings WHERE name = ANY ($1)', [
      Object.keys(settings),
    ]);
    // In quotes, '"$user"' would be one schema of that name; only the last of them is a list.
    for (const { name } of known)
      await system.sql(
        `${target} SET ${name} = ${name === 'search_path' ? settings[name] : `'${settings[name]}'`}`,
      );
  }

  /** Expects everything to work that the services do on sessions of their own. */
  async function expectWorking(order: RunningService): Promise<void> {
    const created = await order.post('/orders/create', { user_id: 'Zoë 東京', product_id: 5, quantity: 1 });
    expect([created.status, created.body.user_id]).toEqual([201, 'Zoë 東京']);
    expect(Date.now() - Date.parse(created.body.order_date)).toBeLessThan(60_000);
    expect((await order.get('/orders/popular-products?limit=5')).status).toBe(200);
    const { body: slow } = await order.post('/demo/enable-slow-queries', { delay_ms: 150 });
    expect(slow.enabled).toBe(true);
    expect((await order.get('/orders/popular-products')).status).toBe(200);
    const { effective } = (await order.get('/health')).body.faults['slow-queries'];
    expect(effective).toBe(true);
    const { body: held } = await order.post('/demo/simulate-pool-exhaustion', { connections: 10 });
    expect(held).toMatchObject({ effective: true, measured: { holding: 10 } });
    const reset = await order.post('/demo/reset');
    expect([reset.status, reset.body.stopped.sort()]).toEqual([200, ['pool-exhaustion', 'slow-queries']]);
    expect((await order.get('/orders/popular-products?limit=5')).status).toBe(200);
    expect((await order.get('/health/ready')).status).toBe(200);
  }

  it.each(['ALTER DATABASE productcatalog', 'ALTER ROLE dbadmin', 'ALTER ROLE dbcontrol'])(
    'work despite settings made with %s',
    async (target) => {
      await change(target);
      const order = await system.service('order');
      await expectWorking(order);
      expect(await order.stop()).toBe(0);
    },
  );

  it('work on a server that is set up in a completely different way', async () => {
    // Two kinds are left out: what would end this test's own session, and what makes the server read-only.
    const { idle_session_timeout, transaction_timeout, statement_timeout, ...rest } = ELSEWHERE;
    await change('ALTER SYSTEM', { ...rest, default_transaction_read_only: 'off' });
    await system.sql('SELECT pg_reload_conf()');
    await expectWorking(await system.service('order'));
  });

  it('write nothing on a server that is read-only as a whole, and write again when it is writable', async () => {
    const order = await system.service('order');
    const create = async () =>
      (await order.post('/orders/create', { user_id: 'a', product_id: 5, quantity: 1 })).status;
    expect(await create()).toBe(201);
    await change('ALTER SYSTEM', { default_transaction_read_only: 'on' });
    await system.sql('SELECT pg_reload_conf()');
    await eventually(async () => expect(await create()).toBeGreaterThanOrEqual(500));
    await system.sql('ALTER SYSTEM RESET default_transaction_read_only');
    await system.sql('SELECT pg_reload_conf()');
    await eventually(async () => expect(await create()).toBe(201));
  });

  it('take nothing from the variables that a shell has for psql', async () => {
    await expectWorking(await system.service('order', SHELL));
  });

  it('are set up by an administrator with settings of their own', async () => {
    await system.sql(`CREATE ROLE owner LOGIN CREATEROLE CREATEDB PASSWORD 'owner-password'`);
    await change('ALTER ROLE owner');
    const other = { user: 'other', controlUser: 'othercontrol', database: 'other' };
    const admin = { adminUser: 'owner', adminPassword: 'owner-password' };
    await setUpDatabase({ ...system.settings, ...admin, ...other }, () => undefined);
  });

  it('do not pile up while another program holds a lock that a reset waits for', async () => {
    const order = await system.service('order');
    const controlSessions = async () =>
      (
        await system.sql(
          `SELECT FROM pg_stat_activity WHERE usename = 'dbcontrol' AND application_name LIKE $1`,
          [`%:${order.process.pid}/control%`],
        )
      ).length;
    await system.sql('BEGIN');
    await system.sql('LOCK TABLE demo_faults');
    const until = performance.now() + 4_000;
    let most = 0;
    while (performance.now() < until) {
      const reset = await order.post('/demo/reset');
      expect(reset.status).toBeGreaterThanOrEqual(400);
      most = Math.max(most, await controlSessions());
    }
    // The one that is being replaced may still exist beside its successor.
    expect(most).toBeLessThanOrEqual(2);
    await system.sql('ROLLBACK');
    await eventually(async () => expect((await order.post('/demo/reset')).status).toBe(200));
    await order.stop();
  });

  it.each(['Jane laptop 2', '東京のノートパソコン-büro', 'a@b/c', ' held'])(
    'have a name that PostgreSQL keeps, on a machine called %j',
    async (machine) => {
      const folder = mkdtempSync(join(tmpdir(), 'load-demo-name-'));
      const preload = join(folder, 'machine.cjs');
      writeFileSync(preload, `require('node:os').hostname = () => ${JSON.stringify(machine)};`);
      try {
        const product = await system.service('product', { NODE_OPTIONS: `--require ${preload}` });
        const { body } = await product.post('/demo/simulate-pool-exhaustion', { connections: 20 });
        expect(body).toMatchObject({ effective: true, measured: { holding: 20 } });
        const { instance } = (await product.get('/health')).body;
        expect(instance).toMatch(/^[A-Za-z0-9.-]{1,17}:\d+$/);
        await product.stop();
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

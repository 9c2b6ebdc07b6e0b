import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@app/load';
import { Client } from 'pg';
import { eventually } from './support/eventually';
import { Load } from './support/load';
import { freePorts, Start } from './support/start';

const PROCESSES = ['product-service', 'order-service', 'console', 'PostgreSQL', 'inventory-service'] as const;
type ProcessName = (typeof PROCESSES)[number];
/** Enough load for a kill in the middle of it to leave requests without an answer. */
const PER_SECOND = 30;

describe('npm start, when one of its processes is killed under load', () => {
  let folder: string;
  let started: Start;
  let ports: Awaited<ReturnType<typeof freePorts>>;
  let superuser: string;
  const loads: Load[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'load-demo-kept-'));
    await chmod(folder, 0o711);
    ports = await freePorts();
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      // The same folder as in npm start.
      NODE_COMPILE_CACHE: join(__dirname, '../.data/compile-cache'),
      DATA_DIR: join(folder, 'data'),
      ...ports,
    };
    started = new Start(spawn(process.execPath, [join(__dirname, '../dist/start.js')], { env }));
    await started.up();
    superuser = JSON.parse(readFileSync(join(folder, 'data/credentials.json'), 'utf8')).superuser;
    const random = new Random(1);
    for (const url of [
      `${at(ports.PRODUCT_PORT)}/products/5`,
      `${at(ports.INVENTORY_PORT)}/inventory/check/5`,
      `${at(ports.ORDER_PORT)}/orders/popular-products`,
    ])
      loads.push(new Load(PER_SECOND / 3, random, () => fetch(url, { signal: AbortSignal.timeout(10_000) })));
  }, 90_000);
  afterAll(async () => {
    await Promise.all(loads.map((load) => load.stop()));
    await started.end('SIGINT');
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  const at = (port: string) => `http://127.0.0.1:${port}`;
  const get = async (url: string) =>
    (await (await fetch(url, { signal: AbortSignal.timeout(1_000) })).json()) as Record<string, any>;
  const health = () => get(`${at(ports.INVENTORY_PORT)}/health`);

  /** A statement as superuser, outside the budget. */
  async function sql(text: string): Promise<Record<string, any>[]> {
    const port = Number(ports.EMBEDDED_POSTGRES_PORT);
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password: superuser });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  const open = async (condition = 'true') => {
    const text = `SELECT count(*)::int AS open FROM pg_stat_activity WHERE usename = 'dbadmin' AND ${condition}`;
    return (await sql(text))[0]?.open as number;
  };
  const held = () => open(`application_name LIKE '% held'`);

  /** The process of that name below this start. */
  function pid(name: ProcessName): number {
    const part = name === 'PostgreSQL' ? 'postgres -D' : `dist/${name.replace('-service', '')}.js`;
    const all = execFileSync('ps', ['-ww', '-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
    const lines = all.split('\n').map((line) => line.trim().split(/\s+/));
    const found = lines.find(
      ([, parent, ...args]) => Number(parent) === started.process.pid && args.join(' ').includes(part),
    );
    return Number(found?.[0]);
  }

  const answers: Record<ProcessName, () => Promise<unknown>> = {
    'product-service': () => get(`${at(ports.PRODUCT_PORT)}/products/5`),
    'order-service': () => get(`${at(ports.ORDER_PORT)}/orders/popular-products`),
    'inventory-service': () => get(`${at(ports.INVENTORY_PORT)}/inventory/check/5`),
    console: () => get(`${at(ports.CONSOLE_PORT)}/api/view`),
    PostgreSQL: () => sql('SELECT 1'),
  };

  it('restarts PostgreSQL when a service gets a request for that fault, and proves it', async () => {
    const faults = `${at(ports.INVENTORY_PORT)}/demo/faults`;
    const [before, since] = [pid('PostgreSQL'), performance.now()];
    const body = JSON.stringify({ away_ms: 1_500 });
    const asked = await fetch(`${faults}/server-restart`, { method: 'POST', body });
    expect(asked.status).toBe(200);
    await eventually(async () => {
      const status = await get(`${at(ports.INVENTORY_PORT)}/demo/status`);
      const restart = status.faults.find(({ fault }: { fault: string }) => fault === 'server-restart');
      expect(restart).toMatchObject({ enabled: true, effective: true, measured: { restarted: 1 } });
    });
    console.log(`PostgreSQL was restarted and proven so after ${Math.round(performance.now() - since)} ms`);
    expect(performance.now() - since).toBeGreaterThan(1_500);
    expect(pid('PostgreSQL')).not.toBe(before);
    expect(started.output).toContain('inventory-service asked for a restart of PostgreSQL');
    // It was not an end that somebody has to fix, and a connection that is being replaced asks for no second one.
    expect(started.output).not.toContain('PostgreSQL ended');
    const after = pid('PostgreSQL');
    const stopped = await fetch(`${faults}/server-restart`, { method: 'DELETE' });
    expect(await stopped.json()).toMatchObject({ stopped: ['server-restart'] });
    await eventually(answers['inventory-service']);
    expect(pid('PostgreSQL')).toBe(after);
  }, 60_000);

  it.each(PROCESSES)(
    '%s is back, the others go on, and the budget is exact',
    async (name) => {
      await fetch(`${at(ports.INVENTORY_PORT)}/demo/simulate-pool-exhaustion`, { method: 'POST' });
      await eventually(async () => expect(await held()).toBe(95));
      const before = PROCESSES.map(pid);

      const killed = performance.now();
      process.kill(pid(name), 'SIGKILL');
      await eventually(() => {
        const now = pid(name);
        expect(now).toBeGreaterThan(0);
        expect(now).not.toBe(before[PROCESSES.indexOf(name)]);
      });
      await eventually(answers[name], 30_000);
      const backAfter = performance.now() - killed;
      console.log(`${name} answers again after ${(backAfter / 1_000).toFixed(2)} s`);
      // Alone it takes 1 s; this leaves time for a busy machine, and still detects one that hangs.
      expect(backAfter).toBeLessThan(30_000);

      const others = PROCESSES.filter((other) => other !== name);
      expect(others.map(pid)).toEqual(others.map((other) => before[PROCESSES.indexOf(other)]));
      for (const other of others) await eventually(answers[other]);
      // As documented: a restarted server is filled again, and a fault ends with its holder.
      await eventually(async () => {
        expect(await held()).toBe(name === 'inventory-service' ? 0 : 95);
      });
      expect(await open()).toBeLessThanOrEqual(100);
      expect(started.output).toContain(`✗ ${name} ended (signal SIGKILL): starting it again`);
      expect(started.output).toMatch(
        new RegExp(`✓ ${name} is back after [\\d.]+ s \\(started again once\\)`),
      );
      await eventually(async () => {
        const { processes } = await get(`${at(ports.CONSOLE_PORT)}/api/view`);
        expect(processes).toContainEqual(expect.objectContaining({ name, up: true, restarts: 1 }));
      });
    },
    120_000,
  );

  it('counts what PostgreSQL counts when the load has ended', async () => {
    await Promise.all(loads.splice(0).map((load) => load.stop()));
    await eventually(async () => {
      const [{ connection_pool }, counted] = await Promise.all([health(), open()]);
      expect(connection_pool).toMatchObject({ active_connections: counted, max_connections: 100 });
      expect(counted).toBeLessThanOrEqual(3);
    });
  });
});

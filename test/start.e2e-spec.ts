import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './support/eventually';
import { freePorts, Start } from './support/start';

const DIST = join(__dirname, '../dist');

describe('npm start', () => {
  let folder: string;
  let environment: Record<string, string>;
  const starts: Start[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'load-demo-start-'));
    await chmod(folder, 0o711);
    environment = { DATA_DIR: join(folder, 'data'), ...(await freePorts()) };
  });
  afterEach(async () => {
    for (const { process } of starts.splice(0)) process.kill('SIGKILL');
    await nothingIsLeft();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function start(more: Record<string, string> = {}, program = 'start', ...options: string[]): Start {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...environment, ...more };
    const started = new Start(spawn(process.execPath, [join(DIST, `${program}.js`), ...options], { env }));
    starts.push(started);
    return started;
  }

  /** Every port can be listened on again: services and PostgreSQL are gone. */
  async function nothingIsLeft(): Promise<void> {
    for (const [variable, port] of Object.entries(environment)) {
      if (variable.endsWith('PORT')) await eventually(() => listenAndClose(Number(port)), 20_000);
    }
  }

  const check = async () => {
    const response = await fetch(`http://127.0.0.1:${environment.INVENTORY_PORT}/inventory/check/5`);
    return (await response.json()) as { stock_quantity: number };
  };

  it('brings up everything, refuses a second start, keeps the data for the next one, and Ctrl-C stops all of it', async () => {
    const first = start();
    await first.up();
    expect(first.output).toMatch(/PostgreSQL 18\.\d+ on 127\.0\.0\.1:\d+/);
    const { stock_quantity } = await check();
    await fetch(`http://127.0.0.1:${environment.INVENTORY_PORT}/inventory/reserve`, {
      method: 'POST',
      body: '{"product_id":5,"quantity":3}',
    });

    const second = start();
    expect(await second.end()).toBe(1);
    expect(second.output).toContain(`already running (process ${first.process.pid})`);
    const reset = start({}, 'reset-data');
    expect(await reset.end()).toBe(1);

    expect(await first.end('SIGINT')).toBe(0);
    await nothingIsLeft();

    const next = start();
    await next.up();
    expect((await check()).stock_quantity).toBe(stock_quantity - 3);
    expect(await next.end('SIGTERM')).toBe(0);
    await nothingIsLeft();

    expect(await start({}, 'reset-data').end()).toBe(0);
    const afresh = start();
    await afresh.up();
    expect((await check()).stock_quantity).toBe(stock_quantity);
  }, 180_000);

  it('leaves nothing running when it is killed, and starts again', async () => {
    const killed = start();
    await killed.up();
    await killed.end('SIGKILL');
    await nothingIsLeft();
    await start().up();
  }, 120_000);

  it('makes new data for a new checkout at the path of a deleted one, whose data reset-data deletes', async () => {
    // Root must keep the data elsewhere, because PostgreSQL runs under an account that has no access here.
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const checkout = { DATA_DIR: join(closed, 'data') };
    const deleted = start(checkout);
    await deleted.up();
    expect(await deleted.end('SIGINT')).toBe(0);
    await rm(checkout.DATA_DIR, { recursive: true });
    await nothingIsLeft();

    const cloned = start(checkout);
    await cloned.up();
    expect(await cloned.end('SIGINT')).toBe(0);
    const reset = start(checkout, 'reset-data');
    expect(await reset.end()).toBe(0);
    expect(reset.output.match(/^deleted /gm)).toHaveLength(process.getuid?.() === 0 ? 2 : 1);
  }, 120_000);

  it.each(['INVENTORY_PORT', 'EMBEDDED_POSTGRES_PORT'])(
    'names the port of %s when it is taken, and starts nothing',
    async (variable) => {
      const server = createServer();
      server.listen(Number(environment[variable]), '127.0.0.1');
      await once(server, 'listening');
      const refused = start();
      expect(await refused.end()).toBe(1);
      expect(refused.output).toContain(String(environment[variable]));
      expect(refused.output).toContain(variable);
      await new Promise((resolve) => server.close(resolve));
    },
  );

  it('names every bad variable', async () => {
    const refused = start({ PRODUCT_PORT: 'abc', DB_CONNECTION_BUDGET: '-1' });
    expect(await refused.end()).toBe(1);
    expect(refused.output).toContain('PRODUCT_PORT');
    expect(refused.output).toContain('DB_CONNECTION_BUDGET');
  });

  it.each(['start', 'reset-data', 'database-setup'])('%s has a --help', async (program) => {
    const help = start({}, program, '--help');
    expect(await help.end()).toBe(0);
    expect(help.output.length).toBeGreaterThan(100);
  });
});

async function listenAndClose(port: number): Promise<void> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  await new Promise((resolve) => server.close(resolve));
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { Client } from 'pg';
import { ConsoleSystem } from './support/console-system';
import { eventually } from './support/eventually';

const CLI = join(__dirname, '../dist/diagnose.js');

describe('the diagnosis', () => {
  let running: ConsoleSystem;
  const sessions: Client[] = [];

  beforeAll(async () => {
    running = await ConsoleSystem.start();
  });
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.end()));
  });
  afterAll(() => running?.stop());

  /** A session of somebody other than the services. */
  async function stranger(name: string): Promise<Client> {
    const { host, port, database, adminUser: user, adminPassword: password } = running.system.settings;
    const session = new Client({ host, port, database, user, password, application_name: name });
    session.on('error', () => undefined);
    sessions.push(session);
    await session.connect();
    return session;
  }

  const pidOf = (session: Client) => (session as unknown as { processID: number }).processID;
  const findings = async () => (await running.console.get('/api/diagnosis')).body.findings;

  /** Exit code and output of `npm run diagnose`. */
  function diagnose(...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return new Promise((resolve) => {
      execFile(process.execPath, [CLI, ...options], (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  }

  it('finds nothing wrong while all is well', async () => {
    await eventually(async () => {
      const { body } = await running.console.get('/api/diagnosis');
      expect(body).toEqual({ at: expect.any(String), findings: [] });
      expect(Date.now() - Date.parse(body.at)).toBeLessThan(5_000);
    });
    expect(await diagnose('--url', running.console.url)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing is wrong'),
    });
  });

  it('names a row that somebody keeps, with the session at its root and those that wait', async () => {
    const holder = await stranger('maintenance');
    await holder.query('BEGIN; SELECT id FROM products WHERE id = 5 FOR UPDATE');
    const reserve = () =>
      running.services.inventory.post('/inventory/reserve', { product_id: 5, quantity: 1 });
    const reservations = setInterval(() => void reserve(), 300);
    try {
      const [finding] = await eventually(async () => {
        const found = await findings();
        expect(found.map(({ name }: any) => name)).toEqual(['hot-row-lock']);
        return found;
      });
      expect(finding.evidence.join('\n')).toContain(`pid ${pidOf(holder)} (postgres, maintenance)`);
      expect(finding.evidence).toHaveLength(3);
      expect(finding.next_best).toEqual({ name: 'deadlocks', unless: expect.any(String) });
      expect(Date.parse(finding.since)).toBeLessThan(Date.now());

      const { body } = await eventually(async () => {
        const seen = await running.console.get('/api/sessions');
        expect(seen.body.blockers[0]?.blocks.length).toBeGreaterThan(0);
        return seen;
      });
      expect(body.blockers[0].pid).toBe(pidOf(holder));
      const waiter = body.sessions.find(({ pid }: any) => pid === body.blockers[0].blocks[0].pid);
      expect(waiter).toMatchObject({ role: 'dbadmin', blocked_by: [pidOf(holder)] });
      expect(waiter.wait).toMatch(/^Lock\//);
      expect(waiter.application_name).toMatch(/^inventory-service@/);

      const answered = await diagnose('--url', running.console.url);
      expect(answered).toMatchObject({ code: 1, stdout: expect.stringContaining('hot-row-lock, since') });
    } finally {
      clearInterval(reservations);
    }
    await holder.query('ROLLBACK');
    await eventually(async () => expect(await findings()).toEqual([]));
  });

  it('leads from a session to the trace of its latest statement', async () => {
    await eventually(async () => {
      await running.services.product.get('/products');
      const { body } = await running.console.get('/api/sessions');
      const own = body.sessions.filter((one: any) => /^product-service@[^/]*$/.test(one.application_name));
      const traced = own.find(({ trace_id }: any) => trace_id);
      const { body: trace } = await running.console.get(`/api/traces/${traced.trace_id}`);
      expect(JSON.stringify(trace)).toContain('product-service');
    });
  });

  it('says who fills the server', async () => {
    const { body } = await running.console.get('/api/sessions');
    expect(body.connections).toMatchObject({ max: 200, open: body.sessions.length });
    const by = body.connections.by.map(({ open }: any) => open);
    expect(by.reduce((sum: number, open: number) => sum + open, 0)).toBe(body.sessions.length);
  });

  it('works without a console too', async () => {
    const { host, port, database, controlUser, controlPassword } = running.system.settings;
    const holder = await stranger('forgotten');
    await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM products LIMIT 1');
    const address = `postgres://${controlUser}:${controlPassword}@${host}:${port}/${database}`;
    const { code, stdout } = await diagnose('--db', address, '--json', ...running.arguments);
    expect(JSON.parse(stdout).findings).toMatchObject([{ name: 'idle-in-transaction' }]);
    expect(code).toBe(1);
  });

  it('says what it cannot do', async () => {
    const unreachable = 'http://127.0.0.1:1';
    expect(await diagnose('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--watch') });
    expect(await diagnose('--url', unreachable)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--db'),
    });
    expect(await diagnose('--db', 'mysql://x')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--db must'),
    });
    expect(await diagnose('--db', 'postgres://x:y@127.0.0.1:1/z')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('PostgreSQL cannot be asked'),
    });
    expect(await diagnose('--what')).toMatchObject({ code: 2, stderr: expect.stringContaining('--what') });
  });
});

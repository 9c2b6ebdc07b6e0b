import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ConsoleSystem } from './support/console-system';

const VERIFY = join(__dirname, '../dist/verify.js');

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function verify(...args: string[]): Promise<Ended> {
  return new Promise((done) => {
    execFile(process.execPath, [VERIFY, ...args], (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

describe('npm run verify', () => {
  let running: ConsoleSystem;
  beforeAll(async () => {
    running = await ConsoleSystem.start({ CONSOLE_LOAD_RATE: '0' });
  });
  afterAll(() => running?.stop());

  const faults = async () =>
    Promise.all(
      Object.values(running.services).map(async (service) =>
        (await service.get('/demo/status')).body.faults.map(({ fault, enabled, asked }: any) => ({
          fault,
          enabled,
          asked,
        })),
      ),
    );

  it('passes on a system that is as it should be, and leaves it as it was', async () => {
    await running.services.product.post('/demo/enable-slow-queries', { delay_ms: 30, ttl_seconds: 200 });
    await running.services.order.post('/demo/simulate-pool-exhaustion', {
      connections: 10,
      ttl_seconds: 200,
    });
    const before = await faults();
    // The system has no load: the checks themselves make the spans that they examine.
    await running.services.product.get('/products');
    const { code, stdout } = await verify('--console', running.console.url, ...running.arguments);
    expect(stdout).toMatch(/\n14 passed, 0 failed\n$/);
    expect(code).toBe(0);
    expect(await faults()).toEqual(before);
    await Promise.all(Object.values(running.services).map((service) => service.post('/demo/reset')));
  });

  it('writes JSON and JUnit, and names what failed', async () => {
    const gone = ['--order', 'http://127.0.0.1:2', '--product', running.services.product.url];
    const others = ['--inventory', running.services.inventory.url, '--console', running.console.url];
    const { code, stdout } = await verify('--json', ...gone, ...others);
    expect(code).toBe(1);
    const { passed, checks } = JSON.parse(stdout);
    expect(passed).toBe(false);
    expect(checks.find(({ id }: any) => id === 'services-up')).toMatchObject({
      state: 'failed',
      evidence: expect.stringContaining('order-service: nothing listens there'),
    });
    const junit = await verify('--junit', ...gone, ...others);
    expect(junit.code).toBe(1);
    expect(junit.stdout).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuite name="verify" tests="14" failures="\d"/,
    );
  });

  it('skips what only a console observes, if there is none', async () => {
    const { stdout } = await verify('--json', ...running.arguments);
    const states = JSON.parse(stdout).checks.map(({ id, state }: any) => `${id} ${state}`);
    expect(states).toContain('slow-queries passed');
    expect(states).toContain('catalog skipped');
  });

  it('refuses what it does not understand', async () => {
    const { code, stderr } = await verify('--all');
    expect(code).toBe(2);
    expect(stderr).toContain('npm run verify');
  });
});

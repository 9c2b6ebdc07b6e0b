import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ConsoleSystem } from './support/console-system';

const LOAD = join(__dirname, '../dist/load.js');

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function load(...args: string[]): Promise<Ended> {
  return new Promise((done) => {
    execFile(process.execPath, [LOAD, ...args], (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

describe('npm run load', () => {
  let running: ConsoleSystem;
  beforeAll(async () => {
    running = await ConsoleSystem.start({ CONSOLE_LOAD_RATE: '0' });
  });
  afterAll(() => running?.stop());

  it('sends the same requests for the same seed, and all of them are answered', async () => {
    const args = ['--rate', '20', '--duration', '2s', '--seed', '7', '--json', ...running.arguments];
    const [first, second] = [await load(...args), await load(...args)].map(({ code, stdout }) => {
      expect(code).toBe(0);
      return JSON.parse(stdout);
    });
    const shares = (summary: any) => summary.operations.map(({ sent }: any) => sent);
    expect(shares(second)).toEqual(shares(first));
    for (const { sent, ok } of first.operations) expect(ok).toBe(sent);
  });

  it('prints a table with a line for each operation', async () => {
    const { stdout } = await load('--rate', '10', '--duration', '1s', ...running.arguments);
    expect(stdout).toMatch(
      /^operation +sent +ok +409 +503 +lock +left +failed +tries +late +p50 +p95 +p99\n/,
    );
    for (const operation of ['browse products', 'check stock', 'popular products', 'checkout'])
      expect(stdout).toContain(`\n${operation}`);
    expect(stdout).toMatch(/\d+ sent in [\d.]+ s at 10 a second, seed 1; 0 dropped\. Times in ms\.\n$/);
  });

  describe('while inventory-service answers later than its users wait', () => {
    const IMPATIENT = ['--rate', '20', '--duration', '3s', '--seed', '7', '--give-up', '200ms', '--json'];
    beforeAll(async () => {
      await running.services.inventory.post('/demo/enable-slow-queries', { delay_ms: 600 });
    });
    afterAll(() => running.services.inventory.post('/demo/reset'));

    it('multiplies what is sent when they retry at once, and hardly does when they have a budget', async () => {
      const [none, four, budget] = await Promise.all(
        [[], ['--retries', '4'], ['--retries', '4', '--retry-budget', '10%']].map(async (more) => {
          const { stdout } = await load(...IMPATIENT, ...more, ...running.arguments);
          return JSON.parse(stdout).operations.find(({ operation }: any) => operation === 'check stock');
        }),
      );
      expect(none).toMatchObject({ ok: 0, gave_up: none.sent, tries: none.sent });
      expect(four).toMatchObject({ sent: none.sent, gave_up: none.sent, tries: 5 * none.sent });
      // 10 % of everything that is sent, of which these are a third.
      expect(budget.tries).toBeLessThan(1.5 * none.sent);
    });
  });

  it('counts a lock that was not available separately from a connection that was not', async () => {
    await running.services.inventory.post('/demo/faults/hot-row-lock', { rows: 24 });
    const { stdout } = await load(
      '--rate',
      '20',
      '--duration',
      '2s',
      '--seed',
      '7',
      '--json',
      ...running.arguments,
    );
    await running.services.inventory.post('/demo/reset');
    const reserve = JSON.parse(stdout).operations.find(({ operation }: any) => operation === 'reserve stock');
    expect(reserve).toMatchObject({ ok: 0, unavailable: 0 });
    // A reservation that waits for two locks in turn may reach the limit of a statement first.
    expect(reserve.lock_timeout).toBeGreaterThan(reserve.sent / 2);
  });

  it.each([
    ['--rate', 'fast'],
    ['--hot', '2'],
    ['--give-up', '500'],
    ['--retries', '1.5'],
    ['--retry-budget', '10'],
    ['--backoff', '1s'],
    ['--duration', 'soon'],
    ['--seed', '-1'],
    ['--order', 'localhost'],
    ['--speed', '5'],
  ])('refuses %s %s, and says what it takes', async (option, value) => {
    const { code, stderr } = await load(`${option}=${value}`);
    expect(code).toBe(2);
    expect(stderr).toContain(option);
    expect(stderr).toContain('npm run load -- --rate 50');
  });
});

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
    // The last arrival of one run may fall behind the end of the other.
    for (const [index, sent] of shares(first).entries())
      expect(Math.abs(sent - shares(second)[index])).toBeLessThanOrEqual(2);
    for (const { sent, ok } of first.operations) expect(ok).toBe(sent);
  });

  it('prints a table with a line for each operation', async () => {
    const { stdout } = await load('--rate', '10', '--duration', '1s', ...running.arguments);
    expect(stdout).toMatch(/^operation +sent +ok +409 +503 +failed +late +p50 +p95 +p99\n/);
    for (const operation of ['browse products', 'check stock', 'popular products', 'checkout'])
      expect(stdout).toContain(`\n${operation}`);
    expect(stdout).toMatch(/\d+ sent in [\d.]+ s at 10 a second, seed 1; 0 dropped\. Times in ms\.\n$/);
  });

  it.each([
    ['--rate', 'fast'],
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

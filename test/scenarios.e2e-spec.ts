import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsoleSystem } from './support/console-system';
import { eventually } from './support/eventually';

/** The shortest possible story: rest, 95 connections held, and the way back. */
const SHORT = `title: A short one
sentence: 95 connections are held for some seconds, and given back.
remedy: Give the connections back.
seed: 7
ends: 9s
steps:
  - at: 0s
    do: Load
    say: Some users.
    look: The slots.
    load: { rate: 10 }
    until: served_percent = 100
    expect: [failed = 0]
  - at: 3s
    do: 95 connections are held
    say: Five are left.
    look: The slots.
    start: [{ fault: pool-exhaustion, service: inventory, settings: { connections: 95 } }]
    until: held = 95
    expect: [most_open >= 95]
  - at: 7s
    do: They are given back
    say: All are free again.
    look: The slots.
    stop: [{ fault: pool-exhaustion, service: inventory }]
    until: held = 0
`;

/** A shared machine needs its time for four short plays. */
jest.setTimeout(150_000);

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

describe('scenarios', () => {
  let running: ConsoleSystem;
  const folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
  const runs = join(folder, 'runs');
  const file = join(folder, 'short.yaml');

  beforeAll(async () => {
    writeFileSync(file, SHORT);
    running = await ConsoleSystem.start({ CONSOLE_RUNS_DIR: runs });
  });
  afterAll(async () => {
    await running?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function command(name: string, ...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
    const child = spawn(process.execPath, [join(__dirname, `../dist/${name}.js`), ...args]);
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (part) => {
      output.stdout += part;
    });
    child.stderr.on('data', (part) => {
      output.stderr += part;
    });
    const ended = new Promise<Ended>((done) => child.once('close', (code) => done({ code, ...output })));
    return { child, ended };
  }
  const play = (...args: string[]) =>
    command('scenario', '--runs', runs, '--console', running.console.url, ...running.arguments, ...args);
  const faultsOn = async () => {
    const { body } = await running.services.inventory.get('/demo/status');
    return body.faults.filter(({ enabled }: any) => enabled).map(({ fault }: any) => fault);
  };
  const latestRun = () => join(runs, readdirSync(runs).sort().at(-1) as string);

  it('tell a story of which each step is proven, and leave a report and nothing else', async () => {
    const { code, stdout } = await play('--file', file).ended;
    expect(stdout).toContain('held = 95: yes');
    expect(stdout).toContain('Nothing is on any more.');
    expect(code).toBe(0);
    expect(await faultsOn()).toEqual([]);
    const run = JSON.parse(readFileSync(join(latestRun(), 'run.json'), 'utf8'));
    expect(run).toMatchObject({ how: 'finished', left_on: [], seed: 7 });
    expect(run.steps).toHaveLength(3);
    const report = readFileSync(join(latestRun(), 'report.html'), 'utf8');
    expect(report).toContain('Five are left.');
    expect(report).not.toMatch(/<script|src=|url\(/);
    expect(statSync(join(latestRun(), 'report.html')).size).toBeLessThan(1_000_000);
  });

  it('send as many requests of each kind in each step as the seed determines', async () => {
    const first = latestRun();
    await play('--file', file).ended;
    const { stdout } = await command('compare', '--json', '--anyway', first, latestRun()).ended;
    const sent = JSON.parse(stdout).rows.filter(({ what }: any) => what.endsWith('sent'));
    expect(sent.length).toBeGreaterThan(10);
    expect(sent.filter(({ verdict }: any) => verdict !== 'equal')).toEqual([]);
  });

  it('switch off what is on when somebody stops them, and say where they ended', async () => {
    const { child, ended } = play('--file', file);
    await eventually(async () => expect(await faultsOn()).toEqual(['pool-exhaustion']));
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/It ended after \d+ s: stopped by SIGINT/);
    expect(await faultsOn()).toEqual([]);
    expect(readFileSync(join(latestRun(), 'report.html'), 'utf8')).toContain(
      'It ended early: stopped by SIGINT',
    );
  });

  it('say where they were when their process is killed, and what they switched on ends by itself', async () => {
    const { child, ended } = play('--file', file);
    await eventually(async () => expect(await faultsOn()).toEqual(['pool-exhaustion']));
    const path = latestRun();
    const kept = () => JSON.parse(readFileSync(join(path, 'run.json'), 'utf8'));
    await eventually(async () => expect(kept().steps[1]?.until?.holds).toBe(true));
    child.kill('SIGKILL');
    await ended;
    expect(kept()).toMatchObject({ how: 'unfinished', repeatable: false });
    expect(readFileSync(join(path, 'report.html'), 'utf8')).toContain(
      'It ended early: its process ended without a word in step 2 of 3',
    );
    const { body } = await running.services.inventory.get('/demo/status');
    const { expires_in_seconds } = body.faults.find(({ fault }: any) => fault === 'pool-exhaustion');
    expect(expires_in_seconds).toBeLessThanOrEqual(9 + 15);
    await running.services.inventory.post('/demo/reset');
    const { code, stderr } = await command(
      'compare',
      readdirSync(runs).map((name) => join(runs, name))[0] as string,
      path,
    ).ended;
    expect([code, stderr]).toEqual([2, expect.stringContaining('it did not come to its end')]);
  });

  it('have a baseline for the page: what it showed before the first fault', async () => {
    const [name] = readdirSync(runs).sort() as [string];
    const { body } = await running.console.get(`/api/runs/${name}/at-rest`);
    expect(body).toMatchObject({ name, at: expect.any(Number) });
    expect(body.catalog.details.operations.length).toBeGreaterThan(0);
    expect((await running.console.get('/api/runs/no-such-run/at-rest')).status).toBe(404);
    mkdirSync(join(runs, 'no-run'));
    expect((await running.console.get('/api/runs/no-run/at-rest')).status).toBe(404);
    rmSync(join(runs, 'no-run'), { recursive: true });
  });

  it('are played step by step in the console, by a person who presses a key', async () => {
    const { console } = running;
    const performance = async () => (await console.get('/api/scenarios')).body.performance;
    expect((await console.post('/api/scenarios/no-such-thing/start', {})).status).toBe(404);
    expect((await console.post('/api/scenarios/first-ten-minutes/start', {})).status).toBe(202);
    expect((await console.post('/api/scenarios/retry-storm/start', {})).status).toBe(409);
    await eventually(async () =>
      expect(await performance()).toMatchObject({
        waits_for_next: true,
        steps: [{ until: { holds: true } }],
      }),
    );
    await console.post('/api/scenarios/first-ten-minutes/next', {});
    await eventually(async () => expect(await faultsOn()).toEqual(['slow-queries']));
    const { body } = await console.post('/api/scenarios/first-ten-minutes/stop', {});
    expect(body.performance).toMatchObject({ state: 'stopped', green: false });
    expect(await faultsOn()).toEqual([]);
    const [run] = (await console.get('/api/runs')).body as any;
    expect(run).toMatchObject({ title: 'The first ten minutes', how: 'stopped' });
    expect((await fetch(`${console.url}/api/runs/${run.name}/report`)).status).toBe(200);
    expect((await fetch(`${console.url}/prompter`)).status).toBe(200);
  });

  it('can be replayed without services', async () => {
    const first = join(runs, readdirSync(runs).sort()[0] as string);
    const { child, ended } = command('replay', '--port', '0', '--speed', '100', first);
    const url = await new Promise<string>((found) => {
      child.stdout?.on('data', (part) => found(/http:\S+/.exec(String(part))?.[0] ?? ''));
    });
    const events = await (await fetch(`${url}/api/live`)).text().catch(() => '');
    expect(events).toMatch(/^event: replay\ndata: {"began":"2/);
    expect(events).toContain('event: budget');
    child.kill('SIGTERM');
    await ended;
  });

  it.each([
    [[], 'the name of a scenario is missing'],
    [['no-such-thing'], 'there is no scenario no-such-thing'],
    [['first-ten-minutes', '--seed', 'x'], '--seed is "x"'],
  ])('say what is wrong with %j', async (args, complaint) => {
    const { code, stderr } = await play(...args).ended;
    expect(code).toBe(2);
    expect(stderr).toContain(complaint);
  });

  it('say which line of a file is wrong', async () => {
    writeFileSync(file, SHORT.replace('held = 95', 'helt = 95'));
    const { code, stderr } = await play('--file', file).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/short\.yaml:19: there is no figure helt here; use one of open, active/);
  });
});

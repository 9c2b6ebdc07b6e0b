import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { program } from '../tools/places';
import { eventually } from './support/eventually';
import { freePort, System } from './support/system';

/** Each write to it fails with ENOSPC, as on a full disk. */
const FULL = '/dev/full';

describe('a process whose log cannot be written', () => {
  let system: System;
  const processes: ChildProcess[] = [];
  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(async () => {
    for (const one of processes) one.kill('SIGKILL');
    await system?.stop();
  });

  async function start(app: 'inventory' | 'console', out: number | 'pipe') {
    const { host, port, password, controlPassword } = system.settings;
    const [own, otlp] = [await freePort(), await freePort()];
    const child = spawn(process.execPath, [program(app)], {
      env: {
        PATH: process.env.PATH,
        PORT: String(own),
        CONSOLE_OTLP_PORT: String(otlp),
        LISTEN_ADDRESS: '127.0.0.1',
        DB_HOST: host,
        DB_PORT: String(port),
        DB_PASSWORD: password,
        DB_CONTROL_PASSWORD: controlPassword,
      },
      stdio: ['ignore', out, out],
    });
    processes.push(child);
    const url = `http://127.0.0.1:${own}`;
    const ask = async (path: string, init?: RequestInit) =>
      (await (await fetch(url + path, init)).json()) as Record<string, any>;
    await eventually(() => ask('/health/live'));
    return { child, ask };
  }

  (existsSync(FULL) ? it : it.skip).each(['inventory', 'console'] as const)(
    'because the disk is full goes on, and counts what was lost: %s',
    async (app) => {
      const { child, ask } = await start(app, openSync(FULL, 'w'));
      for (let round = 0; round < 6; round++)
        await ask(app === 'console' ? '/api/checks/run' : '/demo/reset', { method: 'POST' });
      const { log } = await ask('/health');
      expect(log).toEqual({ lost: expect.any(Number), reason: 'ENOSPC' });
      expect(log.lost).toBeGreaterThan(0);
      expect(child.exitCode ?? child.signalCode).toBeNull();
    },
  );

  it('because its reader is gone continues, and stops in order', async () => {
    const { child, ask } = await start('inventory', 'pipe');
    child.stdout?.destroy();
    child.stderr?.destroy();
    for (let round = 0; round < 6; round++) await ask('/demo/reset', { method: 'POST' });
    expect((await ask('/health')).log).toMatchObject({ lost: expect.any(Number), reason: 'EPIPE' });
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Database, freePort } from './database.ts';
import { anywhere, descendants, proportionalMiB, residentMiB } from './machine.ts';
import { type Spread, spread } from './statistics.ts';
import { VARIANTS } from './variants.ts';

/** Times from being spawned to being ready, and memory a little later. */
export interface Starting {
  what: string;
  readyMs: Spread;
  memoryMiB: Spread;
}

/** Milliseconds after which memory is read: by then, what the start itself needed has been given back. */
const SETTLED_MS = 2_000;

export async function starting(
  database: Database,
  sinkPort: number,
  rounds: number,
  progress: (text: string) => void,
): Promise<Starting[]> {
  const ready: number[] = [];
  const memory: number[] = [];
  const shipped = VARIANTS.find(({ key }) => key === 'shipped');
  for (let round = 1; shipped && round <= rounds; round++) {
    progress(`start of a service, round ${round} of ${rounds}`);
    const child = await shipped.start('inventory', database, sinkPort, anywhere);
    ready.push(child.startedInMs);
    await setTimeout(SETTLED_MS);
    memory.push(residentMiB(child.pid));
    await child.stop();
  }
  return [
    { what: 'one service', readyMs: spread(ready), memoryMiB: spread(memory) },
    await everything(rounds, progress),
  ];
}

/** `npm start` without the build: PostgreSQL, three services and the console, on data of an earlier start. */
async function everything(rounds: number, progress: (text: string) => void): Promise<Starting> {
  const folder = await mkdtemp(join(tmpdir(), 'load-demo-start-'));
  const names = [
    'PRODUCT_PORT',
    'INVENTORY_PORT',
    'ORDER_PORT',
    'CONSOLE_PORT',
    'CONSOLE_OTLP_PORT',
    'EMBEDDED_POSTGRES_PORT',
  ];
  const ports = await Promise.all(names.map(async (name) => [name, String(await freePort())]));
  const env = { ...process.env, DATA_DIR: folder, ...Object.fromEntries(ports) };
  const ready: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    progress(`start of everything, ${round === 0 ? 'the first' : `round ${round} of ${rounds}`}`);
    const started = performance.now();
    const script = fileURLToPath(new URL('../dist/start.js', import.meta.url));
    const [command = '', ...args] = [...anywhere, process.execPath, script];
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    await untilReady(child);
    if (round > 0) {
      ready.push(performance.now() - started);
      await setTimeout(SETTLED_MS);
      memory.push(descendants(child.pid as number).reduce((sum, pid) => sum + proportionalMiB(pid), 0));
    }
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
  return { what: 'everything local, second start', readyMs: spread(ready), memoryMiB: spread(memory) };
}

async function untilReady(child: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the start ended with ${code}: ${output}`)));
    child.stdout?.on('data', (chunk) => {
      output += chunk;
      if (output.includes('curl ')) resolve();
    });
  });
}

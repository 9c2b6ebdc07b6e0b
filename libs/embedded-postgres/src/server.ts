import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Account } from './account';
import { signalTo } from './running-process';
import { endTogether } from './stop-with-parent';

const READY_MS = 30_000;
const STOP_MS = 15_000;
const CHILDREN_MS = 2_000;
const READY = 'database system is ready to accept connections';

/** One run of the server, from its start to its end. */
export interface PostgresServer {
  readonly pid: number;
  /** Resolves with how the server ended, such as `signal SIGKILL`; never rejects. */
  readonly ended: Promise<string>;
  /** Resolves when its sessions have ended too, which survive a killed server for a moment; after 2 s in any case. */
  childrenGone(): Promise<unknown>;
  /** The last lines that it wrote. */
  lastLines(): string;
  /** fast: rolls back what is running. immediate: like a crash, recovered from at the next start. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
}

/** How the server is run. */
export interface ServerProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly account: Account;
  /** The process that the data's lock file names although it is not a server of this data. */
  readonly stalePid?: number;
}

/**
 * Runs the server and waits until it accepts connections.
 *
 * @throws with the server's last lines if it ends instead, or is not ready after 30 s
 */
export async function runServer(
  { program, args, account, stalePid }: ServerProgram,
  log: (line: string) => void,
): Promise<PostgresServer> {
  const child = spawn(program, args, {
    ...account.switchTo,
    cwd: '/',
    // Its own process group, because a terminal's Ctrl-C must not reach it: it has to stop last.
    detached: true,
    // Its own environment: none of the PG* variables, and no secrets.
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env.PATH, ...passingOver(stalePid) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<string>((done) => {
    child.once('exit', (code, signal) => done(signal ? `signal ${signal}` : `code ${code}`));
    child.once('error', (error) => done(error.message));
  });
  // Its sessions write to the same pipe, which is closed when the last of them is gone.
  const closed = new Promise((done) => child.once('close', done).once('error', done));
  const ready = Promise.withResolvers<void>();
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > 20) lines.shift();
    if (line.includes(READY)) ready.resolve();
    log(line);
  });
  await once(child, 'spawn');
  endTogether(child, 'INT', account);
  const pid = child.pid as number;
  const server: PostgresServer = {
    pid,
    ended,
    childrenGone: () => Promise.race([closed, after(CHILDREN_MS, undefined)]),
    lastLines: () => lines.join('\n'),
    stop: (mode) => stop(pid, ended, mode),
  };
  await readyOrEnded(server, ready.promise);
  return server;
}

/**
 * PostgreSQL refuses to start while the process named in its lock file lives, whatever that process is by now, except
 * for the one that pg_ctl names this way. Removing the file instead would also remove the key by which it finds
 * sessions of a killed server.
 */
function passingOver(stalePid: number | undefined): NodeJS.ProcessEnv {
  return stalePid === undefined ? {} : { PG_GRANDPARENT_PID: String(stalePid) };
}

async function readyOrEnded(server: PostgresServer, ready: Promise<void>): Promise<void> {
  const outcome = await Promise.race([
    ready.then(() => 'ready' as const),
    server.ended.then(() => 'it ended'),
    after(READY_MS, `it was not ready after ${READY_MS / 1000} s`),
  ]);
  if (outcome === 'ready') return;
  await server.stop('immediate');
  throw new Error(`PostgreSQL did not start: ${outcome}. Its last lines:\n${server.lastLines()}`);
}

// The server is asked to stop by itself first: each harder signal comes after a bounded wait.
async function stop(pid: number, ended: Promise<unknown>, mode: 'fast' | 'immediate'): Promise<void> {
  const signals: NodeJS.Signals[] =
    mode === 'fast' ? ['SIGINT', 'SIGQUIT', 'SIGKILL'] : ['SIGQUIT', 'SIGKILL'];
  for (const signal of signals) {
    if (await Promise.race([ended.then(() => true), after(0, false)])) return;
    signalTo(pid, signal);
    if (await Promise.race([ended.then(() => true), after(STOP_MS, false)])) return;
  }
}

/** Resolves with `value` after a while, without keeping the process alive. */
function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((done) => setTimeout(done, ms, value).unref());
}

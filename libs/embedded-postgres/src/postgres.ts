import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { postgresAccount } from './account';
import { major, type PostgresBinaries, postgresBinaries } from './binaries';
import { folderForData, holdsData } from './data';
import { initdb } from './initdb';
import { stalePid, stopLeftover } from './leftover';
import { checkLogin } from './login';
import { type PostgresServer, runServer } from './server';

export interface PostgresOptions {
  /** Created on the first start. Root keeps the data in /var/tmp if this folder is closed to others. */
  readonly dataDir: string;
  readonly port: number;
  /** The role that initdb creates, by default postgres. No connection limit binds it, so services never use it. */
  readonly superuser?: string;
  /** Fixed by the first start. */
  readonly password: string;
  /** Gets each line that the server writes, and what this code reports itself. */
  readonly log?: (line: string) => void;
  /** Folder with bin/ and lib/ of another PostgreSQL, from version 13; by default the one that npm installed. */
  readonly programs?: string;
  /** Further arguments of the server, such as `-c`, `fsync=off`; they override the ones here. */
  readonly flags?: readonly string[];
}

export interface RunningPostgres {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly superuser: string;
  readonly password: string;
  /** The folder that really contains the data. */
  readonly dataDir: string;
  /** Whether this start made the data. */
  readonly firstStart: boolean;
  /** Such as 18.4. */
  readonly version: string;
  readonly pid: number;
  /** Resolves with how the server ended, stopped or by itself, but not at a restart. Never rejects. */
  readonly exited: Promise<string>;
  /** Ends the server, by force if necessary (after 15 s). Does nothing if it has ended. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
  /**
   * Stops the server and starts it on the same data and port, even after it ended by itself.
   * @param awayMs milliseconds in between
   */
  restart(mode?: 'fast' | 'immediate', awayMs?: number): Promise<void>;
}

/**
 * Starts a real PostgreSQL on 127.0.0.1 and waits until it accepts connections. It stops by itself however this process
 * ends, kill -9 included; a server that still runs on the data is stopped first.
 *
 * @throws with the remedy: port taken, data of another password or account, install scripts skipped
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { log = () => undefined, superuser = 'postgres', password, port } = options;
  const account = postgresAccount();
  const binaries = await postgresBinaries(account, log, options.programs);
  const dataDir = folderForData(options.dataDir, account);
  if (dataDir !== resolve(options.dataDir))
    log(`${options.dataDir} is closed to ${account.name}: data in ${dataDir}`);
  const firstStart = !holdsData(dataDir, account, binaries.version);
  await stopLeftover(dataDir, log);
  if (firstStart) await initdb(binaries, dataDir, account, { superuser, password });
  const args = ['-D', dataDir, '-p', String(port), ...settings(binaries), ...(options.flags ?? [])];
  const run = () =>
    runServer({ program: binaries.postgres, args, account, stalePid: stalePid(dataDir) }, log);
  const facts = { host: '127.0.0.1' as const, port, superuser, password, dataDir, firstStart };
  const running = restartable({ ...facts, version: binaries.version }, await run(), run);
  try {
    await checkLogin({ host: '127.0.0.1', port, user: superuser, password, database: 'postgres' }, dataDir);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return running;
}

/**
 * Stops the server that a killed process left on this data, if there is one. `startPostgres` does it too; this is for
 * callers that need its port before.
 */
export async function stopLeftoverPostgres(dataDir: string): Promise<void> {
  await stopLeftover(folderForData(dataDir, postgresAccount()), () => undefined);
}

// 200 connections, so that it is the role's limit of 100 that refuses, and monitoring can still connect at 100.
function settings(binaries: PostgresBinaries): string[] {
  return [
    'max_connections=200',
    'superuser_reserved_connections=3',
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_line_prefix=%m [%p] %q%u@%d %a ',
    ...(major(binaries) >= 16 ? SINCE_16 : []),
    `shared_preload_libraries=${binaries.preload.join(',')}`,
  ].flatMap((setting) => ['-c', setting]);
}

const SINCE_16 = [
  'reserved_connections=5',
  // More of them make guessing slow, and logging in: nobody guesses the random passwords, and 95 logins are awaited.
  'scram_iterations=256',
];

type Facts = Omit<RunningPostgres, 'pid' | 'exited' | 'stop' | 'restart'>;

function restartable(
  facts: Facts,
  first: PostgresServer,
  run: () => Promise<PostgresServer>,
): RunningPostgres {
  let server = first;
  let replacing: Promise<void> = Promise.resolve();
  const stopped = new AbortController();
  const replace = async (mode: 'fast' | 'immediate', awayMs: number) => {
    await server.stop(mode);
    await server.childrenGone();
    await setTimeout(awayMs, undefined, { signal: stopped.signal });
    server = await run();
  };
  const untilGone = async () => {
    for (;;) {
      const seen = server;
      const how = await seen.ended;
      await replacing.catch(() => undefined);
      if (seen === server) return how;
    }
  };
  return {
    ...facts,
    get pid() {
      return server.pid;
    },
    get exited() {
      return untilGone();
    },
    stop: async (mode = 'fast') => {
      // A server that is down during the restart does not come back.
      stopped.abort();
      await replacing.catch(() => undefined);
      await server.stop(mode);
    },
    restart: (mode = 'fast', awayMs = 0) => {
      // One after the other: each stops the server that the one before it started.
      replacing = replacing.catch(() => undefined).then(() => replace(mode, awayMs));
      return replacing;
    },
  };
}

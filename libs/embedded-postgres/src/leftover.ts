import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commandLineOf, signalTo } from './running-process';

const LIMIT_MS = 20_000;

/**
 * Stops the server that an earlier start left on this data because it was killed first. Otherwise the new server would
 * refuse to start: only one may serve a folder.
 *
 * @throws if that server belongs to another account, or still runs after 20 s
 */
export async function stopLeftover(folder: string, log: (line: string) => void): Promise<void> {
  const pid = servingPid(folder);
  if (pid === undefined) return;
  log(`stopping the PostgreSQL of an earlier start (process ${pid})`);
  signalTo(pid, 'SIGINT');
  // It is not a child of this process, so there is no exit event to wait for.
  const deadline = Date.now() + LIMIT_MS;
  while (servingPid(folder) === pid) {
    if (Date.now() > deadline) {
      throw new Error(`PostgreSQL (process ${pid}) still serves ${folder}: stop it with kill -QUIT ${pid}`);
    }
    await pause(20);
  }
}

/**
 * The living process that the lock file of this folder names although it is another program: it has the pid of a server
 * that was killed. PostgreSQL itself sees only that a process with that pid lives.
 */
export function stalePid(folder: string): number | undefined {
  const pid = lockedBy(folder);
  return commandLineOf(pid) !== undefined && servingPid(folder) === undefined ? pid : undefined;
}

// The process that serves this folder now.
function servingPid(folder: string): number | undefined {
  const pid = lockedBy(folder);
  const command = commandLineOf(pid);
  // The folder is in the command line, so a pid that now belongs to another process never matches.
  return command?.includes('postgres') && command.includes(`-D ${folder} `) ? pid : undefined;
}

function lockedBy(folder: string): number {
  return Number(firstLine(join(folder, 'postmaster.pid')));
}

function firstLine(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n')[0];
  } catch {
    return undefined;
  }
}

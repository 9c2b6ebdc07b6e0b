import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { commandLineOf } from '@app/embedded-postgres';

export interface StartLock {
  /** Whether the previous owner was killed: its processes may still be ending. */
  readonly takenOver: boolean;
  release(): void;
}

/**
 * Takes the lock file, which contains the pid of its owner; the lock of a dead owner is taken over.
 *
 * @throws naming the process that holds it
 */
export function takeLock(file: string): StartLock {
  mkdirSync(dirname(file), { recursive: true });
  for (let takenOver = false; ; takenOver = true) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
      return { takenOver, release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      removeStale(file);
    }
  }
}

// Two starts may both find the same dead owner. Only one of them wins the rename, and it checks what it got before
// removing it, since the other may have put its own lock there in between.
function removeStale(file: string): void {
  refuseLiving(file);
  const mine = `${file}.${process.pid}`;
  try {
    renameSync(file, mine);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    refuseLiving(mine);
  } catch (error) {
    renameSync(mine, file);
    throw error;
  }
  rmSync(mine);
}

function refuseLiving(file: string): void {
  const pid = owner(file);
  // After a restart of the machine, pids are used again: one counts only if it belongs to one of our programs.
  if (!/\/(start|reset-data)\.js\b/.test(commandLineOf(pid) ?? '')) return;
  throw new Error(`already running (process ${pid}): press Ctrl-C there, or stop it with kill ${pid}`);
}

function owner(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').trim());
  } catch {
    return Number.NaN;
  }
}

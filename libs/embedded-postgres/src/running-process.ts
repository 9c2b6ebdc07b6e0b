import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The command line of a process, or undefined if there is no such process (a zombie counts as gone). A pid read from a
 * file proves little by itself: after a restart of the machine it belongs to another process.
 */
export function commandLineOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return (process.platform === 'linux' ? fromProc(pid) : fromPs(pid)) || undefined;
}

/** Sends a signal to a process that may be gone by now. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function fromProc(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): string | undefined {
  try {
    const columns = ['-o', 'stat=', '-o', 'command='];
    const line = execFileSync('ps', ['-ww', ...columns, '-p', String(pid)], { encoding: 'utf8' });
    const [state = 'Z', ...command] = line.trim().split(/\s+/);
    return state.startsWith('Z') ? undefined : command.join(' ');
  } catch {
    return undefined;
  }
}

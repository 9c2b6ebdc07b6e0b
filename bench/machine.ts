import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Core of the process under test; everything else uses the others. */
const UNDER_TEST = 0;
const CORES = cpus().length;

/** Whether processes can be kept on cores of their own here: what is measured then has a core for itself. */
export const pinned = CORES > 1 && has('taskset');

/** Words to put in front of a command, so that it runs on the core of the process under test. */
export const pin: string[] = pinned ? ['taskset', '-c', String(UNDER_TEST)] : [];

/** The same for a command that may run anywhere, as it would without a benchmark. */
export const anywhere: string[] = pinned ? ['taskset', '-c', `0-${CORES - 1}`] : [];

/** Moves this process, and all that it starts from now on, to the other cores. */
export function makeRoom(): void {
  const others = `1-${CORES - 1}`;
  if (pinned) execFileSync('taskset', ['-a', '-cp', others, String(process.pid)]);
}

/** The same for a process that already runs, and all that it starts from now on. */
export function letRunAnywhere(pid: number): void {
  if (pinned) execFileSync('taskset', ['-a', '-cp', `0-${CORES - 1}`, String(pid)]);
}

/** CPU seconds of a process so far, of all its threads, to the nanosecond. */
export function cpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e9;
}

/** CPU seconds of the children of a process that have ended, in the clock's ticks of 10 ms. */
export function cpuSecondsOfEnded(pid: number): number {
  // After the name in brackets: state (3), ... cutime (16), cstime (17); see proc_pid_stat(5).
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** A process and all that it started, directly or indirectly. */
export function descendants(pid: number): number[] {
  let children = '';
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
  } catch {
    // It has ended in the meantime.
  }
  return [pid, ...(children ? children.split(' ').flatMap((child) => descendants(Number(child))) : [])];
}

/** Memory of a process, both its own and what it shares, in MiB. */
export function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1_024;
}

/** Memory of a process in MiB, with only its part of what it shares, so that it can be added up. */
export function proportionalMiB(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1]) / 1_024;
}

export function describeMachine(): string {
  const { model } = cpus()[0] ?? { model: 'unknown processor' };
  const cores = pinned ? 'the process under test on a core of its own' : 'not pinned';
  return `${CORES} cores (${model.trim()}), Node.js ${process.versions.node}, ${cores}`;
}

function has(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import type { Account } from './account';

/**
 * Makes a child end when this process does, however that happens: a shell waits on a pipe that only this process holds
 * open, so that it closes on kill -9 too, and then signals the child. PostgreSQL's programs would not notice that the
 * process that started them is gone.
 *
 * @param account the child's account, which may signal it
 */
export function endTogether(child: ChildProcess, signal: 'INT' | 'TERM', account: Account): void {
  const guard = spawn('/bin/sh', ['-c', `read -r _; kill -${signal} ${child.pid}`], {
    ...account.switchTo,
    cwd: '/',
    detached: true,
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.unref();
  // The shell must be gone before the pid can belong to another process.
  child.once('exit', () => guard.kill('SIGKILL'));
}

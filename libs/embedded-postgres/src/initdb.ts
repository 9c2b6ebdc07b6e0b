import { spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Account } from './account';
import { major, type PostgresBinaries } from './binaries';
import { endTogether } from './stop-with-parent';

/**
 * Makes a database cluster in `folder`, which is absent or empty and whose parent exists.
 *
 * The work is done in a folder beside it, which is renamed when it is complete, so that an interrupted initdb (Ctrl-C,
 * kill -9, a full disk) leaves nothing that looks like data; the next call removes it.
 *
 * @throws with the output of initdb
 */
export async function initdb(
  binaries: PostgresBinaries,
  folder: string,
  account: Account,
  bootstrap: { superuser: string; password: string },
): Promise<void> {
  clearUnfinished(folder);
  const unfinished = mkdtempSync(`${folder}.unfinished-`);
  const passwordFile = `${unfinished}.password`;
  try {
    writeFileSync(passwordFile, bootstrap.password, { mode: 0o600 });
    for (const path of [unfinished, passwordFile]) chownSync(path, account.uid, account.gid);
    await run(account, binaries.initdb, [
      ...['--pgdata', unfinished, '--username', bootstrap.superuser, '--pwfile', passwordFile],
      // PostgreSQL's own C.UTF-8 sorts the same everywhere; the C library's is missing on some systems.
      ...['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', '--no-sync'],
      ...(major(binaries) >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
    ]);
    renameSync(unfinished, folder);
  } finally {
    for (const path of [unfinished, passwordFile]) rmSync(path, { recursive: true, force: true });
  }
}

function clearUnfinished(folder: string): void {
  const parent = dirname(folder);
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(`${basename(folder)}.unfinished-`)) continue;
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function run(account: Account, program: string, args: string[]): Promise<void> {
  return new Promise((done, fail) => {
    const env = { LC_ALL: 'C', TZ: 'UTC', PATH: process.env.PATH };
    // cwd: initdb returns to the directory it started in, and root's may be closed to the account.
    const child = spawn(program, args, {
      ...account.switchTo,
      cwd: '/',
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.once('spawn', () => endTogether(child, 'TERM', account));
    let output = '';
    const collect = (text: string) => {
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.once('error', fail);
    child.once('close', (code, signal) => {
      const last = output.trim().split('\n').slice(-10).join('\n');
      if (code === 0) done();
      else fail(new Error(`initdb ended with ${signal ?? `code ${code}`}:\n${last}`));
    });
  });
}

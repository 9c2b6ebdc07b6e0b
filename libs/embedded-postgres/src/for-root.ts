import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PRODUCT_ROOT } from '@app/configuration';

// Not os.tmpdir(), which is cleaned at boot and may be private to root; the data must survive both.
const OPEN_TO_ALL = '/var/tmp';

/**
 * Where root keeps files that an unprivileged account must reach although the checkout is closed to it: one folder for
 * each checkout, so that two of them never collide.
 */
export function folderForRoot(): string {
  return join(OPEN_TO_ALL, `database-load-demo-${shortHash(PRODUCT_ROOT)}`);
}

/** A short name for a path, usable in a file name. */
export function shortHash(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 12);
}

/**
 * Makes the folder, or accepts the one that an earlier start made.
 *
 * @throws if somebody else made it first: anyone can write to /var/tmp, and root runs what is in here
 */
export function ownFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) {
    throw new Error(
      `${folder} is not a folder that only root can change. Look at it, remove it, start again.`,
    );
  }
  chmodSync(folder, 0o711); // mkdir's mode was reduced by the umask
}

/** Copies `source` to `target` unless that was done before, completely or not at all: the last step is a rename. */
export async function copyOnce(source: string, target: string): Promise<string> {
  const parent = dirname(target);
  ownFolder(parent);
  if (existsSync(target)) return target;
  const unfinished = mkdtempSync(join(parent, `${basename(target)}.unfinished-`));
  try {
    await cp(source, unfinished, { recursive: true, verbatimSymlinks: true });
    // The modes came from the checkout, where a strict umask may have left them private.
    spawnSync('chmod', ['-R', 'u+rwX,go=rX', unfinished]);
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A folder that lives as long as a run of the tests; a file that runs by itself has none. */
const FOLDER = process.env.TEST_PREPARED_DATA;
const PREPARED = FOLDER && join(FOLDER, 'postgres');

/** Makes the data of a server that was set up and stopped; resolves with its folder. */
type Make = (dataDir: string) => Promise<string>;

/**
 * Puts the data of a server that was set up into `dataDir`. The first file of a run makes them with `make`, the others
 * copy them: initdb and the set-up take 4 s of two cores, a copy 0.2 s, and each file keeps a server of its own.
 * @returns false if a copy cannot be made, so that the caller has to make the data itself
 */
export async function copyPreparedData(dataDir: string, make: Make): Promise<boolean> {
  if (!FOLDER || !PREPARED) return false;
  if (!existsSync(PREPARED)) await prepare(FOLDER, PREPARED, make);
  if (!existsSync(PREPARED)) return false;
  // As root, the data belongs to another account: cp keeps the owner, Node's own copy does not.
  await run('cp', ['-a', PREPARED, dataDir]);
  return true;
}

/** Two files may do this at once: the data of the first to finish is kept. */
async function prepare(folder: string, prepared: string, make: Make): Promise<void> {
  const own = await mkdtemp(join(folder, 'unfinished-'));
  await chmod(own, 0o711);
  const asked = join(own, 'postgres');
  // If the account of PostgreSQL has no access, the data is somewhere else and stays there.
  if ((await make(asked)) === asked) await rename(asked, prepared).catch(() => undefined);
  await rm(own, { recursive: true, force: true });
}

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Account, accountName } from './account';
import { folderForRoot, ownFolder, shortHash } from './for-root';

/** The folder in which `account` can keep the data of `dataDir`; afterwards its parent exists. */
export function folderForData(dataDir: string, account: Account): string {
  const asked = resolve(dataDir);
  mkdirSync(dirname(asked), { recursive: true });
  if (canEnter(dirname(asked), account)) return asked;
  ownFolder(folderForRoot());
  return `${folderForRootsData(asked)}-${identity(`${asked}.id`)}`;
}

/**
 * Every folder that starts with `dataDir` have left: the data, what an interrupted first start made of it, and root's
 * data of earlier checkouts at this path.
 */
export function allData(dataDir: string): string[] {
  const asked = resolve(dataDir);
  return [
    ...(existsSync(asked) ? [asked] : []),
    ...foldersThatBegin(`${asked}.unfinished-`),
    ...foldersThatBegin(folderForRootsData(asked)),
  ];
}

// The path separates a copied .data from its original; see `identity` for the rest.
function folderForRootsData(asked: string): string {
  return join(folderForRoot(), `data-${shortHash(asked)}`);
}

/**
 * A file that disappears with its folder. Root's data is elsewhere and stays: if it were found by its path alone, the
 * next checkout at this path would find data made with passwords that it does not have.
 */
function identity(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(6).toString('hex'));
  return readFileSync(file, 'utf8');
}

function foldersThatBegin(beginning: string): string[] {
  const parent = dirname(beginning);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => name.startsWith(basename(beginning)))
    .map((name) => join(parent, name));
}

/**
 * Whether the folder holds data that this PostgreSQL, run by this account, can serve.
 *
 * @param version of the server, such as 18.4
 * @returns false if there is nothing yet
 * @throws with the remedy if the data belongs to another account or another major version, or is no data at all
 */
export function holdsData(folder: string, account: Account, version: string): boolean {
  if (!existsSync(folder)) return false;
  const owner = statSync(folder).uid;
  // Root may use an empty folder of its own, because initdb's result replaces it.
  const readable = owner === account.uid || process.getuid?.() === 0;
  if (readable && readdirSync(folder).length === 0) return false;
  if (owner !== account.uid) {
    throw new Error(
      `The data in ${folder} belongs to ${accountName(owner)}; PostgreSQL would run as ${account.name}. ` +
        `Start as you did the first time, or remove this demo data: sudo rm -r ${folder}`,
    );
  }
  checkVersion(folder, version);
  return true;
}

function checkVersion(folder: string, version: string): void {
  const file = join(folder, 'PG_VERSION');
  if (!existsSync(file))
    throw new Error(`${folder} holds something else than PostgreSQL's data: move it away.`);
  const major = readFileSync(file, 'utf8').trim();
  if (major === version.split('.')[0]) return;
  throw new Error(
    `The data in ${folder} was made by PostgreSQL ${major}; this is ${version}. ` +
      `Remove this demo data (npm run reset-data, or rm -r ${folder}) and start again.`,
  );
}

// Tested as the account itself: mode bits are only half of the answer (access lists, mount options).
function canEnter(folder: string, account: Account): boolean {
  if (account.switchTo.uid === undefined) return true;
  return spawnSync('/bin/sh', ['-c', 'cd -- "$0"', folder], { ...account.switchTo, cwd: '/' }).status === 0;
}

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { onlyHelp } from './command-line';
import { LOCK, POSTGRES_DATA, shortPath } from './places';
import { dataPlaces } from './postgres-data';
import { stopLeftover } from './postgres-leftover';
import { takeLock } from './start-lock';

const HELP = `Deletes the data of the embedded PostgreSQL; the next npm start begins with new data.
The passwords stay as they are. Stop npm start (Ctrl-C) before.

  npm run reset-data

Reads the environment:
  DATA_DIR                 where a start keeps its things: .data`;

async function main(): Promise<void> {
  if (onlyHelp(HELP)) return;
  // Held, not only looked at: a start in the meantime would begin on a folder that is half deleted.
  const lock = takeLock(LOCK);
  try {
    const { asked, forRoot } = dataPlaces(POSTGRES_DATA);
    const found = [...withUnfinished(asked), ...withUnfinished(forRoot)];
    for (const folder of found) {
      await stopLeftover(folder, say);
      rmSync(folder, { recursive: true, force: true });
      say(`deleted ${shortPath(folder)}`);
    }
    say(found.length > 0 ? 'The next npm start makes new data.' : 'There is no data: nothing to delete.');
  } finally {
    lock.release();
  }
}

/** The folder, and what an interrupted first start left beside it. */
function withUnfinished(folder: string): string[] {
  const parent = dirname(folder);
  if (!existsSync(parent)) return [];
  const name = basename(folder);
  const belongs = readdirSync(parent).filter(
    (entry) => entry === name || entry.startsWith(`${name}.unfinished-`),
  );
  return belongs.map((entry) => join(parent, entry));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  const advice =
    code === 'EACCES' || code === 'EPERM' ? '\nIt was made by another account: sudo npm run reset-data' : '';
  process.stderr.write(`The data is not reset: ${message}${advice}\n`);
  process.exitCode = 1;
});

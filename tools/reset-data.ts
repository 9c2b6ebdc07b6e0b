import { rmSync } from 'node:fs';
import { onlyHelp } from './command-line';
import { LOCK, POSTGRES_DATA, shortPath } from './places';
import { allData } from './postgres-data';
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
    const found = allData(POSTGRES_DATA);
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

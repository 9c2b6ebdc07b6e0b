import { rmSync } from 'node:fs';
import { allData, stopLeftover } from '@app/embedded-postgres';
import { runCommand, say } from '../command-line';
import { LOCK, POSTGRES_DATA, shortPath } from '../places';
import { RESET_DATA_HELP } from './reset-data-help';
import { takeLock } from './start-lock';

async function resetData(): Promise<void> {
  // The lock is held, not only checked: otherwise a start could begin on a folder that is half deleted.
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

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const advice =
    code === 'EACCES' || code === 'EPERM' ? '\nIt was made by another account: sudo npm run reset-data' : '';
  return `The data is not reset: ${message}${advice}`;
}

void runCommand({ help: RESET_DATA_HELP, options: {}, run: resetData, explain });

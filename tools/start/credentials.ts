import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Passwords of the embedded PostgreSQL's roles. */
export interface Credentials {
  readonly superuser: string;
  readonly dbadmin: string;
  readonly dbcontrol: string;
  readonly dbneighbour: string;
}

type Stored = Omit<Credentials, 'dbneighbour'>;

/**
 * The passwords of this checkout: made once, then kept in a file that only its owner can read.
 *
 * @throws if the file exists but cannot be read or understood
 */
export function loadCredentials(file: string): Credentials {
  if (!existsSync(file)) store(file, { superuser: password(), dbadmin: password(), dbcontrol: password() });
  const { superuser, dbadmin, dbcontrol } = parse(file);
  if (![superuser, dbadmin, dbcontrol].every((value) => typeof value === 'string' && value !== '')) {
    throw new Error(unusable(file, 'it needs superuser, dbadmin and dbcontrol'));
  }
  // Derived from another password, because older files have none for it.
  const dbneighbour = createHash('sha256').update(`dbneighbour ${superuser}`).digest('base64url');
  return { superuser, dbadmin, dbcontrol, dbneighbour };
}

function parse(file: string): Stored {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Stored;
  } catch (error) {
    throw new Error(unusable(file, (error as Error).message));
  }
}

function unusable(file: string, why: string): string {
  return `${file} is not usable (${why}). Remove it, then: npm run reset-data`;
}

// It is renamed when it is complete: a start that is killed here leaves no half-written file.
function store(file: string, credentials: Stored): void {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}

// base64url is safe in a URL, in a shell and in a .pgpass.
function password(): string {
  return randomBytes(24).toString('base64url');
}

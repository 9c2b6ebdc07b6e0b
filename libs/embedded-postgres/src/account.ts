import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** The account that runs PostgreSQL. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Options for spawn; empty if the account is not switched. */
  readonly switchTo: { uid?: number; gid?: number };
}

// Only existing accounts, best first: Linux' and macOS' own for PostgreSQL, then the one that every Unix has.
const UNPRIVILEGED = ['postgres', '_postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root, so root switches to an unprivileged account. No account is ever created: a demo
 * that is started with sudo must not change the machine. initdb needs the account in /etc/passwd.
 *
 * @throws on Windows; if this account has no name; if this is root and the machine has none of the known accounts
 */
export function postgresAccount(): Account {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  if (uid === undefined || gid === undefined) {
    throw new Error('On Windows, start this in WSL, or set DB_HOST to use a PostgreSQL of your own.');
  }
  if (uid !== 0) return { name: ownName(uid, gid), uid, gid, switchTo: {} };
  for (const name of UNPRIVILEGED) {
    const found = accounts().find((account) => account.name === name && account.uid > 0);
    if (found) return { ...found, switchTo: { uid: found.uid, gid: found.gid } };
  }
  throw new Error(
    `PostgreSQL does not run as root, and this machine has no account ${UNPRIVILEGED.join(' or ')}. ` +
      'Start as an ordinary user, or set DB_HOST to use a PostgreSQL of your own.',
  );
}

/** A container may run as a number that is in no list of accounts; initdb looks up its name and fails without one. */
function ownName(uid: number, gid: number): string {
  try {
    return userInfo().username;
  } catch {
    throw new Error(
      `This account, uid ${uid}, has no name on this machine, and PostgreSQL does not start without. Give it one, as root: ` +
        `echo 'demo:x:${uid}:${gid}::/tmp:/bin/sh' >> /etc/passwd. Or run the container as an account that it has; ` +
        'or set DB_HOST to use a PostgreSQL of your own.',
    );
  }
}

/** The name of an account, or its number if the machine has no name for it. */
export function accountName(uid: number): string {
  return accounts().find((account) => account.uid === uid)?.name ?? `uid ${uid}`;
}

function accounts(): { name: string; uid: number; gid: number }[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

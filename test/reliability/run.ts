import { parseArgs } from 'node:util';
import { Random } from '@app/load';
import type { Outcome, Row } from './row';
import { ROWS } from './rows';
import { table } from './table';

const HELP = `Measures what must hold when things fail, against real processes and a real PostgreSQL.

Usage: npm run test:reliability [-- OPTIONS]

  --only R3,R14  these rows
  --short        the short forms, as in npm test
  --seed NUMBER  repeats the chance of an earlier run; without it, a new one each time
  --json         the table as JSON on standard output; progress goes to standard error
  --help

Exits with 1 when a row does not hold. In full it takes half an hour on two cores.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      short: { type: 'boolean', default: false },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const rows = chosen(values.only);
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error(`--seed is ${values.seed}, it must be a whole number`);
  process.stderr.write(`${rows.length} rows, seed ${seed}\n`);
  const outcomes: Outcome[] = [];
  for (const row of rows) outcomes.push(await measured(row, seed, !values.short));
  process.stdout.write(
    values.json ? `${JSON.stringify({ seed, rows: outcomes }, null, 2)}\n` : table(outcomes),
  );
  if (!outcomes.every(holds)) {
    const failed = outcomes.filter((outcome) => !holds(outcome)).map(({ id }) => id);
    process.stderr.write(
      `${failed.join(', ')} did not hold. Repeat with: npm run test:reliability -- --only ${failed.join(',')} --seed ${seed}\n`,
    );
    process.exitCode = 1;
  }
}

function chosen(only: string | undefined): Row[] {
  if (!only) return ROWS;
  return only.split(',').map((id) => {
    const row = ROWS.find((one) => one.id === id.trim().toUpperCase());
    if (!row) throw new Error(`--only names ${id}; there are ${ROWS.map((one) => one.id).join(', ')}`);
    return row;
  });
}

async function measured(row: Row, seed: number, full: boolean): Promise<Outcome> {
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 100) / 10;
  const progress = (text: string) => show(`${row.id} ${seconds().toFixed(0).padStart(4)} s  ${text}`);
  progress(row.claim);
  // Each row has its own random numbers: alone or among others, the same seed gives it the same ones.
  const random = new Random(seed + Number(row.id.slice(1)));
  const outcome: Outcome = { id: row.id, claim: row.claim, figures: [], seconds: 0 };
  try {
    outcome.figures = await row.measure({ full, random, progress });
  } catch (error) {
    outcome.failure = String((error as Error).stack ?? error);
  }
  outcome.seconds = seconds();
  show(`${row.id} ${holds(outcome) ? 'holds' : 'DOES NOT HOLD'} (${outcome.seconds} s)`, true);
  return outcome;
}

function holds({ figures, failure }: Outcome): boolean {
  return failure === undefined && figures.length > 0 && figures.every((figure) => figure.holds);
}

/** Shows one line that the next one replaces, if this is a terminal; otherwise one line after the other. */
function show(text: string, last = false): void {
  const { isTTY, columns = 120 } = process.stderr;
  process.stderr.write(isTTY ? `\r\x1b[K${text.slice(0, columns - 1)}${last ? '\n' : ''}` : `${text}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n\n${HELP}\n`);
  process.exitCode = 2;
});

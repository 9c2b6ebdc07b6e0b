import { writeFileSync } from 'node:fs';
import { type Comparison, compareRuns, type Row, readRun } from '@app/scenario';
import { runCommand, say, UsageError, type Values } from '../command-line';
import { junit } from './junit';

const HELP = `Holds two runs of a scenario with one seed against each other: what differs, and what does not.

  npm run compare -- .data/runs/20261128-143015-the-pool-too-small-7 .data/runs/20261128-144201-the-pool-too-small-7

  --all             each figure, not only those that changed
  --json            as JSON
  --junit FILE      as JUnit's XML too
  --anyway          compares although a run is not repeatable: its figures may differ for any reason

Journeys that were sent must be equal; failures, of the run and of each step, within 1 % of the run's; percentiles that a
fault decides within 2 %, as each step of the scenario says; p50 of the others within 30 % or 10 ms (30 ms in a step with
a fault); p95 of the others and below 100 ms are not judged.
Exits with 0 when nothing changed, with 1 when something did, with 2 when they cannot be compared.`;

const OPTIONS = {
  all: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  junit: { type: 'string' },
  anyway: { type: 'boolean', default: false },
} as const;

async function compare(values: Values<typeof OPTIONS>, words: string[]): Promise<void> {
  const [first, second, ...more] = words;
  if (!first || !second || more.length > 0) throw new UsageError('two folders of runs are needed');
  const comparison = compareRuns(readRun(first), readRun(second));
  const refused = comparison.refused.length > 0 && !values.anyway;
  const changed = comparison.rows.filter(({ verdict }) => verdict === 'changed');
  if (values.junit) writeFileSync(values.junit, junit(comparison));
  if (values.json) say(JSON.stringify(comparison, null, 2));
  else if (refused)
    process.stderr.write(
      `They cannot be compared.\n${comparison.refused.join('\n')}\n--anyway does it nevertheless.\n`,
    );
  else say(table(values.all ? comparison.rows : changed, comparison));
  process.exitCode = refused ? 2 : changed.length > 0 ? 1 : 0;
}

function table(rows: readonly Row[], { rows: all }: Comparison): string {
  const count = (wanted: Row['verdict']) => all.filter(({ verdict }) => verdict === wanted).length;
  const lines = rows.map(
    ({ step, what, a, b, verdict, bound }) =>
      `${(step ? `step ${step}` : 'in all').padEnd(8)}${what.padEnd(24)}${number(a)}${number(b)}  ${verdict.padEnd(11)} (${bound})`,
  );
  return [
    ...lines,
    `${count('equal')} equal, ${count('within')} within their bounds, ${count('changed')} changed, ${count('not judged')} not judged`,
  ].join('\n');
}

function number(value: number | null): string {
  return (value === null ? '-' : String(Number(value.toPrecision(4)))).padStart(10);
}

void runCommand({ help: HELP, options: OPTIONS, words: true, failureCode: 2, run: compare });

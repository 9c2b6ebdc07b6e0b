import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Result, runTrial, Watcher } from './campaign';
import { scoreOf, table } from './score';
import type { Trial } from './trial';
import { TRIALS } from './trials';
import { World } from './world';

const HELP = `Makes failures on real processes and a real PostgreSQL, and holds what the diagnosis says against what was made.

Usage: npm run test:diagnosis [-- OPTIONS]

  --only a,b     these trials, each with all its settings or, as a:300, with one
  --rounds N     so often; 1
  --rate N       arrivals of the load a second; 20
  --seed NUMBER  repeats the load of an earlier campaign; without it, a new one each time
  --json         the results as JSON on standard output; progress goes to standard error
  --record DIR   writes the two windows of each trial into that folder, for fast tests
  --list         names the trials and their settings
  --help

Exits with 1 when a name was wrong or something was told at rest. A trial takes about 20 s.`;

interface Planned {
  trial: Trial;
  setting: number;
}

interface Options {
  seed: number;
  rate: number;
  /** Folder. */
  record?: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '1' },
      rate: { type: 'string', default: '20' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      json: { type: 'boolean', default: false },
      record: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return say(HELP);
  if (values.list) return say(TRIALS.map(({ name, settings }) => `${name} ${settings.join(' ')}`).join('\n'));
  const [seed, rounds] = [wholeNumber('seed', values.seed), wholeNumber('rounds', values.rounds)];
  const planned = Array.from({ length: rounds }, () => plan(values.only)).flat();
  progress(`${planned.length} trials, seed ${seed}`);
  const rate = wholeNumber('rate', values.rate);
  const results = await campaign(planned, { seed, rate, record: values.record });
  say(
    values.json
      ? JSON.stringify({ seed, ...scoreOf(results), results: results.map(brief) }, null, 2)
      : table(results),
  );
  const { right, trials, false_alarms } = scoreOf(results);
  if (right < trials || false_alarms > 0) process.exitCode = 1;
}

function plan(only: string | undefined): Planned[] {
  if (!only) return TRIALS.flatMap((trial) => trial.settings.map((setting) => ({ trial, setting })));
  return only.split(',').flatMap((asked) => {
    const [name, one] = asked.split(':');
    const trial = TRIALS.find((candidate) => candidate.name === name);
    if (!trial)
      throw new Error(`--only names ${name}; there are ${TRIALS.map(({ name }) => name).join(', ')}`);
    return (one === undefined ? trial.settings : [Number(one)]).map((setting) => ({ trial, setting }));
  });
}

async function campaign(planned: readonly Planned[], options: Options): Promise<Result[]> {
  const { seed, rate, record } = options;
  const world = await World.start();
  const watcher = new Watcher(world);
  const results: Result[] = [];
  try {
    for (const [index, { trial, setting }] of planned.entries()) {
      const result = await runTrial(world, watcher, trial, { setting, rate, seed: seed + index });
      results.push(result);
      progress(lineOf(result));
      if (record) write(record, result);
    }
  } finally {
    await watcher.stop();
    await world.stop();
  }
  return results;
}

function lineOf({
  trial,
  setting,
  truth,
  told,
  namedAfterMs,
  falseAlarms,
  appeared,
  notMade,
}: Result): string {
  const name = told[0] ?? 'healthy';
  const others = told.slice(1).length > 0 ? ` and ${told.slice(1).join(', ')}` : '';
  const seconds = namedAfterMs === undefined ? '' : ` after ${(namedAfterMs / 1_000).toFixed(1)} s`;
  const before = falseAlarms.length > 0 ? `; at rest: ${falseAlarms.join(', ')}` : '';
  const on = appeared.length > 1 ? `; on the way: ${appeared.join(', ')}` : '';
  if (notMade) return `- ${trial} ${setting}: not scored: ${notMade}`;
  return `${name === truth ? '✓' : '✗'} ${trial} ${setting}: ${name}${others}${seconds}${before}${on}`;
}

function write(folder: string, result: Result): void {
  mkdirSync(folder, { recursive: true });
  const { trial, setting, truth, told, windows, subject } = result;
  writeFileSync(
    join(folder, `${trial}-${setting}.json`),
    `${JSON.stringify({ truth, told, subject, ...windows })}\n`,
  );
}

function brief({ windows, subject, ...rest }: Result): object {
  return rest;
}

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`--${name} is ${text}, it must be a whole number`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n\n${HELP}\n`);
  process.exitCode = 2;
});

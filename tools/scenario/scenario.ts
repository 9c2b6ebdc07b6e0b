import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  allScenarios,
  BadScenario,
  isGreen,
  type Places,
  playRun,
  type Scenario,
  StoppedByHand,
  scenarioOfFile,
} from '@app/scenario';
import { runCommand, say, UsageError, type Values } from '../command-line';
import { duration } from '../load/load-arguments';
import { DATA_DIR, shortPath } from '../places';
import { CONSOLE_URL, readTargets, readUrl, SERVICE_OPTIONS } from '../service-options';
import { SCENARIO_HELP } from './scenario-help';

const ASK_EVERY_MS = 500;
const ANSWER_WITHIN_MS = 2_000;

const OPTIONS = {
  list: { type: 'boolean', default: false },
  file: { type: 'string' },
  seed: { type: 'string' },
  runs: { type: 'string', default: join(DATA_DIR, 'runs') },
  open: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
  console: { type: 'string', default: CONSOLE_URL },
  wait: { type: 'string' },
  ...SERVICE_OPTIONS,
} as const;

async function scenario(values: Values<typeof OPTIONS>, words: string[]): Promise<void> {
  if (values.list) return say(allScenarios().map(listed).join('\n'));
  const wanted = chosen(values, words);
  if (values.check)
    return say(`${wanted.title}: ${wanted.steps.length} steps, ${wanted.ends} s. It is a scenario.`);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop.abort(new StoppedByHand(`stopped by ${signal}`)));
  say(`${wanted.title}: ${wanted.sentence}`);
  const places = {
    targets: readTargets(values),
    console: readUrl('console', values.console),
    token: process.env.CHAOS_TOKEN || undefined,
  };
  if (values.wait) await answering(places, duration('wait', values.wait), stop.signal);
  const { run, folder } = await playRun({ scenario: wanted, places, runs: values.runs, tell }, stop.signal);
  if (run.how !== 'finished') say(`It ended after ${run.seconds.toFixed(0)} s: ${run.because ?? run.how}`);
  say(run.left_on.length > 0 ? run.left_on.join('\n') : 'Nothing is on any more.');
  say(
    run.repeatable
      ? 'It can be held against another run of this seed: npm run compare -- A B'
      : `It cannot be held against another run: ${run.not_repeatable_because.join('; ')}`,
  );
  say(isGreen(run) ? 'Everything came as it should.' : 'Not everything came as it should.');
  const report = join(folder, 'report.html');
  say(`Its report: ${shortPath(report)}`);
  if (values.open) show(report);
  process.exitCode = isGreen(run) ? 0 : 1;
}

function chosen({ file, seed }: Values<typeof OPTIONS>, [name, ...more]: string[]): Scenario {
  if (more.length > 0 || (name && file)) throw new UsageError(`unknown argument ${more[0] ?? name}`);
  if (!name && !file) throw new UsageError('the name of a scenario is missing; --list shows them');
  const found = file ? scenarioOfFile(file) : allScenarios().find((one) => one.name === name);
  if (!found) throw new UsageError(`there is no scenario ${name}; --list shows them`);
  if (seed === undefined) return found;
  if (!/^\d{1,9}$/.test(seed))
    throw new UsageError(`--seed is ${JSON.stringify(seed)}, it must be a whole number`);
  return { ...found, seed: Number(seed) };
}

/** Waits for a system that is just starting; what is still missing then, the scenario itself says. */
async function answering(places: Places, seconds: number, signal: AbortSignal): Promise<void> {
  const until = performance.now() + seconds * 1_000;
  const urls = [places.console, ...Object.values<string>(places.targets)];
  for (const url of urls)
    while (performance.now() < until && !(await answers(url)))
      await setTimeout(ASK_EVERY_MS, undefined, { signal });
}

function answers(url: string): Promise<boolean> {
  return fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

function listed({ name, title, sentence, ends, incident }: Scenario): string {
  return `${name}  (${title}, ${ends} s)\n  ${sentence}${incident ? `\n  ${incident.who}: ${incident.url}` : ''}`;
}

function tell(line: string, seconds?: number): void {
  say(seconds === undefined ? `         ${line}` : `\n${seconds.toFixed(1).padStart(6)} s  ${line}`);
}

function show(path: string): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(opener, [path], { stdio: 'ignore', detached: true })
    .on('error', () => say(`No browser can be opened from here: open ${path}`))
    .unref();
}

void runCommand({
  help: SCENARIO_HELP,
  options: OPTIONS,
  words: true,
  run: (values, words) =>
    scenario(values, words).catch((error: Error) => {
      if (!(error instanceof BadScenario)) throw error;
      process.stderr.write(`${error.message}\nHow a scenario is written: docs/scenarios.md\n`);
      process.exitCode = 2;
    }),
});

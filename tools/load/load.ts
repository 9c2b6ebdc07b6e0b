import { LoadTotals, OpenLoad } from '@app/load';
import { runCommand, say } from '../command-line';
import { LOAD_OPTIONS, readLoadArguments } from './load-arguments';
import { LOAD_HELP } from './load-help';
import { progressLine, summaryJson, summaryTable } from './load-summary';

const PROGRESS_EVERY_MS = 1_000;

async function load(settings: ReturnType<typeof readLoadArguments>): Promise<void> {
  const { rate, seconds, seed, behaviour, targets, json } = settings;
  const totals = new LoadTotals();
  const open = new OpenLoad({ seed, targets, totals: () => totals, spans: () => undefined }, behaviour);
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1_000;
  const showProgress = () => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r\x1b[K${progressLine(totals, elapsed(), seconds, open.underWay)}`);
  };
  const timer = setInterval(showProgress, PROGRESS_EVERY_MS);
  open.setRate(rate, { from: started, to: started + seconds * 1_000 });
  await stopped(seconds);
  open.setRate(0);
  await open.finished();
  clearInterval(timer);
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const summary = { rate, seed, seconds: elapsed(), totals };
  say(json ? summaryJson(summary) : summaryTable(summary));
}

/** Resolves after that time, or when somebody stops it: the summary is written in either case. */
function stopped(seconds: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, seconds * 1_000).unref();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}

void runCommand({
  help: LOAD_HELP,
  options: LOAD_OPTIONS,
  run: (values) => load(readLoadArguments(values)),
});

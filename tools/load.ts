import { LoadTotals } from '../apps/console/src/load/load-totals';
import { OpenLoad } from '../apps/console/src/load/open-load';
import { readLoadArguments, UsageError } from './load-arguments';
import { LOAD_HELP } from './load-help';
import { progressLine, summaryJson, summaryTable } from './load-summary';

const PROGRESS_EVERY_MS = 1_000;

async function main(): Promise<void> {
  const settings = readLoadArguments(process.argv.slice(2));
  if (settings === 'help') {
    process.stdout.write(`${LOAD_HELP}\n`);
    return;
  }
  const { rate, seconds, seed, targets, json } = settings;
  const totals = new LoadTotals();
  const load = new OpenLoad({ seed, targets, totals: () => totals, spans: () => undefined });
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1_000;
  const tell = () => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r\x1b[K${progressLine(totals, elapsed(), seconds, load.underWay)}`);
  };
  const timer = setInterval(tell, PROGRESS_EVERY_MS);
  load.setRate(rate);
  await stopped(seconds);
  load.setRate(0);
  await load.finished();
  clearInterval(timer);
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const summary = { rate, seed, seconds: elapsed(), totals };
  process.stdout.write(`${json ? summaryJson(summary) : summaryTable(summary)}\n`);
}

/** Resolves after that time, or when somebody wants the end: the summary is written in either case. */
function stopped(seconds: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, seconds * 1_000).unref();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}

main().catch((error: unknown) => {
  const usage = error instanceof UsageError;
  process.stderr.write(usage ? `${error.message}\n\n${LOAD_HELP}\n` : `${error}\n`);
  process.exitCode = usage ? 2 : 1;
});

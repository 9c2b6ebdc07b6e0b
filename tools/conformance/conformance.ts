import { evaluate, type Received, unseen, type Verdict, visibility } from '@app/conformance';
import { runCommand, say } from '../command-line';
import { CONFORMANCE_OPTIONS, HELP, readWanted, type Wanted } from './arguments';
import { Capture } from './capture';
import { CollectorConfiguration } from './collector/configuration';
import { throughCollector } from './collector/through-collector';
import { conventionChanges } from './conventions-check';
import { driveDemo } from './demo-run';
import { readFiles } from './receive/captured-file';
import { listen } from './receive/listen';
import { collectorTable } from './report/collector-table';
import { json, junit, sarif } from './report/machine';
import { outageTable } from './report/outage-table';
import { ruleTable } from './report/rule-table';
import { summary, table } from './report/table';

async function conformance(wanted: Wanted): Promise<void> {
  if (wanted.rules) return say(ruleTable());
  if (wanted.conventions !== undefined) return sayChanges(conventionChanges(wanted.conventions || undefined));
  const collector = wanted.collector ? CollectorConfiguration.read(wanted.collector) : undefined;
  const came = await receive(wanted);
  const received = collector ? passOn(collector, came, wanted) : came;
  const verdicts = evaluate(received, { readers: wanted.readers, level: wanted.level });
  report(verdicts, received, wanted);
  if (!holds(verdicts, wanted)) process.exitCode = 1;
}

async function receive({ files, listenSeconds, ...where }: Wanted): Promise<Received> {
  if (files.length > 0) return readFiles(files);
  if (listenSeconds !== undefined) return await listen(listenSeconds, where, progress);
  const capture = await Capture.start();
  try {
    await driveDemo(capture, progress);
    const { spans, metrics, logs } = capture;
    return { spans, metrics, logs };
  } finally {
    await capture.stop();
  }
}

function passOn(collector: CollectorConfiguration, came: Received, { format }: Wanted): Received {
  const { passages, exported } = throughCollector(collector, came.spans);
  if (format === 'text') say(`${collectorTable(passages)}\n`);
  return { ...came, spans: exported };
}

function report(verdicts: readonly Verdict[], received: Received, wanted: Wanted): void {
  const artifact = wanted.files[0] ?? 'otlp';
  if (wanted.format === 'json') return say(json(verdicts));
  if (wanted.format === 'junit') return say(junit(verdicts));
  if (wanted.format === 'sarif') return say(sarif(verdicts, artifact));
  if (wanted.outage) say(`${outageTable(visibility(received, wanted.readers))}\n`);
  say(`${table(verdicts)}\n\n${summary(verdicts, wanted.readers)}`);
}

/** Without a level, only required rules can fail; without backends, it is enough that there was anything to evaluate. */
function holds(verdicts: readonly Verdict[], { readers, level }: Wanted): boolean {
  const broken = verdicts.filter((verdict) => verdict.broken > 0 && (level || verdict.level === 'required'));
  if (broken.length > 0) return false;
  return readers ? unseen(verdicts).length === 0 : verdicts.some(({ checked }) => checked > 0);
}

function sayChanges(changes: readonly string[]): void {
  if (changes.length === 0) return say('Every name that is emitted is the current one.');
  say(changes.join('\n'));
  process.exitCode = 1;
}

function progress(line: string): void {
  process.stderr.write(`  ${line}\n`);
}

void runCommand({
  help: HELP,
  options: CONFORMANCE_OPTIONS,
  words: true,
  run: (values, words) => conformance(readWanted(values, words)),
  explain: (error) => `${(error as Error).message}\nSee --help.`,
});

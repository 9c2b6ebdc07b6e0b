import { runCommand, say } from '../command-line';
import { DIAGNOSE_OPTIONS, type DiagnoseArguments, readDiagnoseArguments } from './diagnose-arguments';
import { DIAGNOSE_HELP } from './diagnose-help';
import { essence, report } from './report';
import { fromConsole, fromDatabase } from './sources';

async function diagnose(settings: DiagnoseArguments): Promise<void> {
  if (settings.watch) process.once('SIGINT', () => process.exit());
  let reported: string | undefined;
  const source = settings.database ? fromDatabase(settings) : fromConsole(settings);
  for await (const diagnosis of source) {
    process.exitCode = diagnosis.findings.length > 0 ? 1 : 0;
    if (essence(diagnosis) !== reported) say(settings.json ? JSON.stringify(diagnosis) : report(diagnosis));
    reported = essence(diagnosis);
    if (!settings.watch) return;
  }
}

void runCommand({
  help: DIAGNOSE_HELP,
  options: DIAGNOSE_OPTIONS,
  failureCode: 2,
  run: (values) => diagnose(readDiagnoseArguments(values)),
});

import { parseArgs } from 'node:util';
import { Capture } from './conformance/capture';
import { spansOf } from './conformance/captured-file';
import { check, passed, table, type Verdict } from './conformance/check';
import { driveDemo } from './conformance/demo-run';

const HELP = `Holds database spans against what each backend needs of them, and cites where that is said.

  npm run conformance                      runs the three services, captures their OTLP and checks it
  npm run conformance -- --file PATH       checks spans of your own: OTLP in JSON, whole or a request per line,
                                           or in protobuf (.bin, .pb)
  npm run conformance -- --json            prints the verdicts as JSON

Ends with 1 when a rule is broken, or when there was nothing to check for a backend.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { file: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return say(HELP);
  const verdicts = check(values.file ? spansOf(values.file) : await ownSpans());
  if (values.json) say(JSON.stringify(verdicts, undefined, 2));
  else say(`${table(verdicts)}\n\n${summary(verdicts)}`);
  if (!passed(verdicts)) process.exitCode = 1;
}

async function ownSpans() {
  const capture = await Capture.start();
  try {
    await driveDemo(capture, (line) => process.stderr.write(`  ${line}\n`));
    return capture.spans;
  } finally {
    await capture.stop();
  }
}

function summary(verdicts: readonly Verdict[]): string {
  const held = verdicts.filter(({ broken, checked }) => broken === 0 && checked > 0).length;
  const broken = verdicts.filter((verdict) => verdict.broken > 0).length;
  const idle = verdicts.length - held - broken;
  return `${held} rules held, ${broken} broken, ${idle} with no span to check`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\nSee --help.\n`);
  process.exitCode = 1;
});

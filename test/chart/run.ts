import { globSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { HERE } from './support/places.ts';

// Usage: node run.ts [part of a file's name …]
const wanted = process.argv.slice(2);
const files = globSync('*.test.ts', { cwd: HERE })
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort()
  .map((file) => join(HERE, file));

let passed = 0;
let failed = 0;
// One file at a time, because some of them start PostgreSQL and measure.
const results = run({ files, concurrency: 1, cwd: HERE });
results.on('test:pass', ({ details }) => {
  if (details.type !== 'suite') passed += 1;
});
results.on('test:fail', ({ details }) => {
  if (details.type !== 'suite') failed += 1;
});
const report = results.compose(spec);
report.pipe(process.stdout, { end: false });
await finished(report);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { goldenOf } from './support/golden.ts';
import { README, readmeWithTable } from './support/readme.ts';
import { VALUE_FILES } from './support/value-files.ts';

// Rewrites what the tests compare with: check the difference before you commit it.
for (const file of VALUE_FILES) {
  const { path, content } = await goldenOf(file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
writeFileSync(README, readmeWithTable());

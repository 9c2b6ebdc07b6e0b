import './require-node.mjs';
import { spawnSync } from 'node:child_process';
// Imported as a whole: an older Node.js would refuse a named import that it lacks before any line of this runs.
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';

const CHECKOUT = dirname(import.meta.dirname);
/** Made with the time at which the last build began; deleted together with dist. */
const STAMP = join(CHECKOUT, 'dist/.built');
/** Everything that the build reads, including folders, whose time changes when a file is added or removed. */
const SOURCES = ['{apps,libs,tools}/**', '*.json', '*.mts', 'node_modules/.package-lock.json'];

const began = new Date();
if (newest() > built()) {
  // Standard output belongs to the command: the build writes to standard error.
  const { status } = spawnSync('npm', ['run', 'build'], { cwd: CHECKOUT, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
  fs.writeFileSync(STAMP, '');
  fs.utimesSync(STAMP, began, began);
}

function newest() {
  const files = SOURCES.flatMap((pattern) => fs.globSync(pattern, { cwd: CHECKOUT }));
  return Math.max(...files.map((file) => fs.statSync(join(CHECKOUT, file)).mtimeMs));
}

function built() {
  return fs.statSync(STAMP, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

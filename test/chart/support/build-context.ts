import { cpSync, globSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path';
import { ROOT } from './places.ts';

/** Folders that are skipped: large, and never part of the context. */
const SKIPPED = ['node_modules', '.git', 'dist', '.data'];

/** Copies what .dockerignore does not exclude, as `docker build` sends it. */
export function copyContext(to: string): void {
  const rules = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => ({ keep: line.startsWith('!'), pattern: line.replace(/^!/, '') }));
  const files = globSync(['**/*', '.*'], { cwd: ROOT, exclude: (name) => SKIPPED.includes(name) });
  for (const file of files) {
    const last = rules.findLast(({ pattern }) => matches(file, pattern));
    if (last && !last.keep) continue;
    if (!statSync(join(ROOT, file)).isFile()) continue;
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(ROOT, file), join(to, file));
  }
}

/** A pattern matches a file, and everything below a folder. */
function matches(file: string, pattern: string): boolean {
  return matchesGlob(file, pattern) || matchesGlob(file, `${pattern}/**`);
}

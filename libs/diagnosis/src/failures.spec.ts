import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILURES } from './failures';
import { TITLES } from './titles';

const NAMES = FAILURES.map(({ name }) => name);
const document = (name: string) => readFileSync(join(__dirname, '../../../docs', name), 'utf8');
const CATALOGUE = document('failures-catalogue.md');
/** The table between two marks. */
const table = (name: string) => CATALOGUE.split(`<!-- ${name} -->`)[1]?.split(`<!-- /${name} -->`)[0] ?? '';

describe('the failures', () => {
  it('are in one file each, under their name', () => {
    const files = readdirSync(join(__dirname, 'failures')).map((file) => file.replace(/\.ts$/, ''));
    expect([...NAMES].sort()).toEqual(files.sort());
  });

  it('are in the documentation, in the order in which they are checked', () => {
    const rows = [...document('diagnosis.md').matchAll(/^\| `([a-z-]+)` \| .* \| `([a-z-]+)`: .* \|$/gm)];
    expect(rows.map(([, name]) => name)).toEqual(NAMES);
    for (const [, , nextBest] of rows) expect(NAMES).toContain(nextBest);
  });

  it('are in the catalogue, side by side in that order, each with its headline', () => {
    expect([...table('signs').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)).toEqual(NAMES);
    for (const name of NAMES) {
      const [, section = ''] = CATALOGUE.split(`\n### ${name}\n`);
      const [, headline] = /\*\*Headline\*\*: \*([^*]+)\*/.exec(section) ?? [];
      expect([name, headline?.replace(/\s+/g, ' ')]).toEqual([name, TITLES[name]]);
    }
  });

  it.each(NAMES)('%s is distinguished from its next best in the catalogue', (name) => {
    // Its signs contain the name only if it is found; its file always does.
    const source = readFileSync(join(__dirname, `failures/${name}.ts`), 'utf8');
    const [, nextBest] = /nextBest: \{\s*name: '([a-z-]+)'/.exec(source) ?? [];
    const pairs = [...table('pairs').matchAll(/^\| `([a-z-]+)`, `([a-z-]+)` \|/gm)];
    expect(pairs.map(([, ...pair]) => pair.sort())).toContainEqual([name, nextBest].sort());
  });

  it.each(FAILURES.map((failure) => [failure.name, failure.advice]))(
    '%s comes with advice',
    (_name, advice) => {
      expect(advice).toMatch(/^[A-Z].{60,}[.)]$/s);
    },
  );
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILURES } from './failures';

const NAMES = FAILURES.map(({ name }) => name);

describe('the failures', () => {
  it('are one file each, under their name', () => {
    const files = readdirSync(join(__dirname, 'failures')).map((file) => file.replace(/\.ts$/, ''));
    expect([...NAMES].sort()).toEqual(files.sort());
  });

  it('are in the documentation, in the order in which they are looked for', () => {
    const text = readFileSync(join(__dirname, '../../../docs/diagnosis.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `([a-z-]+)` \| .* \| `([a-z-]+)`: .* \|$/gm)];
    expect(rows.map(([, name]) => name)).toEqual(NAMES);
    for (const [, , nextBest] of rows) expect(NAMES).toContain(nextBest);
  });

  it.each(FAILURES.map((failure) => [failure.name, failure.advice]))(
    '%s comes with advice',
    (_name, advice) => {
      expect(advice).toMatch(/^[A-Z].{60,}[.)]$/s);
    },
  );
});

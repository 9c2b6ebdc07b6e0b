import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT_ROOT } from '@app/configuration';
import { STOPPING } from './shutdown';

it('docs/lifecycle.md has the steps of a stop, in their order, with their limits', () => {
  const text = readFileSync(join(PRODUCT_ROOT, 'docs/lifecycle.md'), 'utf8');
  const rows = [...text.matchAll(/^\| ([a-z ]+) \| ([\d.]+) s \|/gm)];
  const steps = Object.entries(STOPPING).map(([step, ms]) => [step, ms / 1_000]);
  expect(rows.map(([, step, seconds]) => [step, Number(seconds)])).toEqual(steps);
});

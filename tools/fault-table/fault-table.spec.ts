import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../places';
import { faultTable, listedFaults } from './fault-table';

const read = (file: string) => readFileSync(join(CHECKOUT, file), 'utf8');

it('README has every fault that the list has, in its words', () => {
  const [, table] = /<!-- faults -->\n([\s\S]*?)\n*<!-- \/faults -->/.exec(read('README.md')) ?? [];
  // Out of date? npm run build && node dist/tools/fault-table/fault-table.js prints it again.
  expect(table?.trim()).toBe(faultTable());
});

it('the catalogue has a section for every fault that the list has', () => {
  const sections = new Set(read('docs/failures-catalogue.md').match(/^### .+$/gm));
  const missing = listedFaults().filter(({ name }) => !sections.has(`### ${name}`));
  // One is missing? Say in docs/failures-catalogue.md, under ### and its name, how it differs from the others.
  expect(missing.map(({ name }) => name)).toEqual([]);
});

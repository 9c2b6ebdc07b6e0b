import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../places';
import { configurationTables } from './configuration-table';

it('the documentation has the variables that the classes read, with their defaults and bounds', () => {
  const document = readFileSync(join(CHECKOUT, 'docs/configuration.md'), 'utf8');
  const [, tables] = /<!-- variables -->\n([\s\S]*?)\n*<!-- \/variables -->/.exec(document) ?? [];
  // Out of date? npm run build && node dist/tools/configuration-table/configuration-table.js prints them again.
  expect(tables?.trim()).toBe(configurationTables());
});

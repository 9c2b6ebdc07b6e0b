import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT_ROOT } from '@app/configuration';
import { scenarioTables } from './scenario-document';

describe('docs/scenarios.md', () => {
  it('has the scenarios and the words of a file as they are', () => {
    expect(readFileSync(join(PRODUCT_ROOT, 'docs/scenarios.md'), 'utf8')).toContain(scenarioTables());
  });
});

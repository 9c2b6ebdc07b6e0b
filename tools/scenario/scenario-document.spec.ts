import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT_ROOT } from '@app/configuration';
import { scenarioTables } from './scenario-document';

describe('docs/scenarios.md', () => {
  it('has the current scenarios and the current words of a file', () => {
    expect(readFileSync(join(PRODUCT_ROOT, 'docs/scenarios.md'), 'utf8')).toContain(scenarioTables());
  });
});

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SCHEMA_URL } from './scope';

describe('the schema of our telemetry', () => {
  it('is that of the semantic conventions whose names are used', () => {
    const folder = join(dirname(require.resolve('@opentelemetry/semantic-conventions')), '..');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(SCHEMA_URL).toBe(`https://opentelemetry.io/schemas/${version}`);
  });
});

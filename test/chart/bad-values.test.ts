import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BAD_VALUES } from './support/bad-values.ts';
import { HELMS } from './support/helm.ts';

for (const helm of HELMS) {
  describe(`helm ${helm.version} refuses, and says why`, () => {
    for (const { set, at, says, release } of BAD_VALUES) {
      it(set || `the release name ${release}`, async () => {
        const { code, stderr } = await helm.template(set ? ['--set', set] : [], release);
        assert.notEqual(code, 0, 'it was taken');
        const message = stderr.replaceAll('/', '.').replaceAll("''", "'");
        if (at) assert.ok(message.includes(at), stderr);
        if (says) assert.match(stderr, says);
        assert.doesNotMatch(stderr, /nil pointer|wrong type for value|panic/);
      });
    }
  });
}

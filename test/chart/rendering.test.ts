import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HELM_3, HELM_4, HELMS } from './support/helm.ts';
import { manifests } from './support/manifests.ts';
import { withoutPasswords } from './support/passwords.ts';
import { CHART } from './support/places.ts';
import { podSecurity } from './support/policies/pod-security.ts';
import { references } from './support/policies/references.ts';
import { selectors } from './support/policies/selectors.ts';
import { workloads } from './support/policies/workloads.ts';
import { schemaErrors } from './support/strict-schema.ts';
import { VALUE_FILES } from './support/value-files.ts';

for (const file of VALUE_FILES) {
  describe(`the chart with the values ${file.name}`, () => {
    for (const helm of HELMS) {
      it(`passes the lint of helm ${helm.version}`, async () => {
        const { code, stdout, stderr } = await helm.run(['lint', '--strict', CHART, ...file.arguments]);
        assert.equal(code, 0, stdout + stderr);
      });
    }

    it('renders the same with Helm 3 and Helm 4', async () => {
      const [three, four] = await Promise.all([HELM_3.render(file.arguments), HELM_4.render(file.arguments)]);
      assert.equal(withoutPasswords(three), withoutPasswords(four));
    });

    it('makes only objects that Kubernetes accepts', async () => {
      const all = manifests(await HELM_3.render(file.arguments));
      const errors = await Promise.all(all.map(schemaErrors));
      assert.deepEqual(errors.flat(), []);
    });

    for (const [name, rule] of Object.entries({ podSecurity, workloads, references, selectors })) {
      it(`keeps the rules of ${name}`, async () => {
        assert.deepEqual(rule(manifests(await HELM_3.render(file.arguments))), []);
      });
    }
  });
}

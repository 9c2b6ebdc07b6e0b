import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HELM_3 } from './support/helm.ts';
import { containers, find, type Manifest, manifests, podTemplate } from './support/manifests.ts';
import { podSecurity } from './support/policies/pod-security.ts';
import { references } from './support/policies/references.ts';
import type { Rule } from './support/policies/rule.ts';
import { selectors } from './support/policies/selectors.ts';
import { workloads } from './support/policies/workloads.ts';
import { schemaErrors } from './support/strict-schema.ts';

const SERVICE = 'demo-inventory-service';
const rendering = await HELM_3.render();

/** The default release with one thing broken. */
function spoilt(spoil: (deployment: Manifest, all: Manifest[]) => void): Manifest[] {
  const all = manifests(rendering);
  spoil(find(all, 'Deployment', SERVICE), all);
  return all;
}

const container = (deployment: Manifest) => {
  const [first] = containers(podTemplate(deployment)?.spec ?? { containers: [] });
  assert.ok(first);
  return first;
};

const CASES: [string, Rule, (deployment: Manifest, all: Manifest[]) => void, RegExp][] = [
  [
    'root',
    podSecurity,
    (one) => Object.assign(container(one).securityContext, { runAsUser: 0 }),
    /runs as root/,
  ],
  [
    'a writable root',
    podSecurity,
    (one) => Object.assign(container(one), { securityContext: {} }),
    /can be written/,
  ],
  [
    'a host path',
    podSecurity,
    (one) => one.spec.template.spec.volumes.push({ name: 'h', hostPath: {} }),
    /hostPath/,
  ],
  ['a missing probe', workloads, (one) => delete container(one).livenessProbe, /no livenessProbe/],
  [
    'a plain password',
    workloads,
    (one) => container(one).env?.push({ name: 'DB_PASSWORD', value: 'x' }),
    /plain text/,
  ],
  ['no tag', workloads, (one) => Object.assign(container(one), { image: 'demo' }), /uses demo/],
  [
    'a forward reference',
    workloads,
    (one) => container(one).env?.unshift({ name: 'A', value: '$(PORT)' }),
    /before it/,
  ],
  [
    'a missing Secret',
    references,
    (_, all) =>
      all.splice(
        all.findIndex(({ kind }) => kind === 'Secret'),
        1,
      ),
    /not there/,
  ],
  [
    'a lost port',
    selectors,
    (one) => Object.assign(container(one), { ports: [] }),
    /no container has a port/,
  ],
  [
    'a version in a selector',
    selectors,
    (one) => Object.assign(one.spec.selector.matchLabels, { 'helm.sh/chart': 'a' }),
    /cannot be changed/,
  ],
];

describe('the checks themselves', () => {
  for (const [name, rule, spoil, message] of CASES) {
    it(`notice ${name}`, () => assert.match(rule(spoilt(spoil)).join('\n'), message));
  }

  for (const [name, spoil, message] of [
    ['an unknown field', (one: Manifest) => Object.assign(one.spec, { replica: 1 }), /unknown field replica/],
    ['a wrong type', (one: Manifest) => Object.assign(one.spec, { replicas: '1' }), /must be a number/],
    [
      'a doubled variable',
      (one: Manifest) => container(one).env?.push({ name: 'PORT', value: '1' }),
      /there twice/,
    ],
    [
      'a name too long',
      (one: Manifest) => Object.assign(one.metadata, { name: 'a'.repeat(254) }),
      /not a usable name/,
    ],
  ] as const) {
    it(`notice ${name}`, async () => {
      const deployment = find(
        spoilt(spoil),
        'Deployment',
        name === 'a name too long' ? 'a'.repeat(254) : SERVICE,
      );
      assert.match((await schemaErrors(deployment)).join('\n'), message);
    });
  }
});

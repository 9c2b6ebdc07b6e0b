import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { goldenOf, goldenPath } from './support/golden.ts';
import { HELM_3 } from './support/helm.ts';
import { withoutPasswords } from './support/passwords.ts';
import { README, readmeWithTable, unexplained } from './support/readme.ts';
import { VALUE_FILES } from './support/value-files.ts';
import { isDeclared, known, leaves, others, TEMPLATES } from './support/values.ts';

// `global` is for umbrella charts; only `fail` and NOTES read the next two; the last one needs others with it, and is
// covered by the rendering of external-db.
const NOT_ALONE = [
  ...['global', 'database.pool.allowOversubscription', 'database.external.maxConnections'],
  'postgresql.enabled',
];

/** The file in which a part of the values is used; all others are used by default. */
const USED_IN: [path: RegExp, file: string][] = [
  [/^(telemetry\.(mode|coralogix|collector)|console)/, 'coralogix'],
  [/^(telemetry\.otlp|serviceMonitor|prometheusRule|grafanaDashboard)/, 'otlp'],
  [/^database\.(external|ssl)/, 'external-db'],
  [/^database\.(external\.admin|certificateAuthority)/, 'cloudnative-pg'],
  [/ingress|httpRoute|ipFamil|^scenario/, 'doors'],
  [/autoscaling/, 'hpa-pdb'],
  [/^chaos\.secretKey|control/, 'strict-readiness'],
];

describe('the values', () => {
  it('are declared when a template uses them', () => {
    const used = [...TEMPLATES.matchAll(/\.Values\.([A-Za-z0-9_.]*[A-Za-z0-9_])/g)].map(
      ([, path]) => path ?? '',
    );
    const undeclared = [...new Set(used)].filter((path) => !isDeclared(path));
    assert.deepEqual(undeclared, []);
  });

  it('are in the schema, all of them and no other', () => {
    const declared = leaves().map(({ path }) => path);
    const inSchema = known().filter((path) => !path.startsWith('services.'));
    assert.deepEqual(
      inSchema.filter((path) => !isDeclared(path)),
      [],
    );
    const covered = (path: string) =>
      inSchema.some((one) => path === one || path.startsWith(`${one}.`) || one.startsWith(`${path}.`));
    assert.deepEqual(
      declared.filter((path) => !covered(path)),
      [],
    );
  });

  it('change what is rendered, each of them', async () => {
    const without: string[] = [];
    for (const { path, value } of leaves()) {
      if (!NOT_ALONE.includes(path) && !(await hasEffect(path, value))) without.push(path);
    }
    assert.deepEqual(without, []);
  });

  it('are explained, each of them, in the README that is made of them', () => {
    assert.deepEqual(
      unexplained().filter((key) => !/resources|postgresql\.settings|labels/.test(key)),
      [],
    );
    assert.equal(readFileSync(README, 'utf8'), readmeWithTable(), 'npm run update in test/chart');
  });
});

describe('the rendering', () => {
  for (const file of VALUE_FILES) {
    it(`of ${file.name} is the one that was reviewed`, async () => {
      const { path, content } = await goldenOf(file);
      assert.equal(
        content,
        readFileSync(path, 'utf8'),
        'npm run update in test/chart, then look at the difference',
      );
    });
  }
});

async function hasEffect(path: string, value: unknown): Promise<boolean> {
  const names = USED_IN.filter(([part]) => part.test(path)).map(([, name]) => name);
  // A default is tested as the value of one service, which covers both.
  const at = path.replace(/^defaults\./, 'services.order-service.');
  for (const file of VALUE_FILES.filter(({ name }) => name === 'default' || names.includes(name))) {
    const before = readFileSync(goldenPath(file), 'utf8');
    for (const other of others(path, value)) {
      const changed = await HELM_3.template([
        ...file.arguments,
        '--set-json',
        `${at}=${JSON.stringify(other)}`,
      ]);
      if (changed.code === 0 && withoutPasswords(changed.stdout) !== before) return true;
    }
  }
  return false;
}

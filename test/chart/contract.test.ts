import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { lastValue, stages } from './support/dockerfile.ts';
import { HELM_3 } from './support/helm.ts';
import {
  type Container,
  containers,
  environmentOf,
  find,
  type Manifest,
  manifests,
  podTemplate,
} from './support/manifests.ts';
import { CHART, ROOT } from './support/places.ts';
import { VALUE_FILES } from './support/value-files.ts';
import { VALUES } from './support/values.ts';

const renderings = await Promise.all(
  VALUE_FILES.map(async ({ arguments: args }) => manifests(await HELM_3.render(args))),
);
const [everything = []] = [renderings.flat()];
const all = manifests(await HELM_3.render());

// OpenTelemetry's, Node.js', those that only name what OTEL_RESOURCE_ATTRIBUTES uses, and one that a test adds.
const NOT_OURS = /^(OTEL_|NODE_|K8S_|EXTRA$)/;

/** The variables of a configuration class, as named in its source and in that of its base. */
function configured(file: string): string[] {
  const files = ['libs/configuration/src/database-access.ts', file];
  const source = files.map((one) => readFileSync(join(ROOT, one), 'utf8')).join('');
  return [...source.matchAll(/^ {2}([A-Z][A-Z0-9_]+)[!?]?(?:: [^=;]+)?(?: =|;)/gm)].map(
    ([, name]) => name ?? '',
  );
}

function containersWith(entry: RegExp, from: Manifest[] = everything): Container[] {
  const found = from.flatMap((manifest) => containers(podTemplate(manifest)?.spec ?? { containers: [] }));
  return found.filter(({ args }) => args?.some((arg) => entry.test(arg)));
}

function unknownTo(known: string[], from: Container[]): string[] {
  const names = from.flatMap((container) => Object.keys(environmentOf(container)));
  return [...new Set(names)].filter((name) => !known.includes(name) && !NOT_OURS.test(name));
}

describe('the chart and the application', () => {
  const service = /^dist\/(product|inventory|order)\.js$/;
  const configuration = configured('libs/configuration/src/configuration.ts');

  it('call the variables of the services the same', () => {
    assert.ok(configuration.length > 15, configuration.join());
    assert.deepEqual(unknownTo(configuration, containersWith(service)), []);
  });

  it('leave no variable of the services without a value in the chart', () => {
    const [one] = containersWith(
      service,
      renderings[VALUE_FILES.findIndex(({ name }) => name === 'strict-readiness')],
    );
    const given = Object.keys(environmentOf(one));
    // Before Kubernetes 1.30 the chart sets this one; from then on, preStop does its work.
    assert.deepEqual(
      configuration.filter((name) => !given.includes(name)),
      ['SHUTDOWN_DRAIN_MS'],
    );
  });

  it('call the variables of the set-up the same', () => {
    const help = readFileSync(join(ROOT, 'tools/database-set-up/database-setup-help.ts'), 'utf8');
    const known = [...help.matchAll(/^ {2}(DB_[A-Z_]+) /gm)].map(([, name]) => name ?? '');
    assert.deepEqual(unknownTo(known, containersWith(/database-setup\.js$/)), []);
  });

  it('call the variables of the console the same', () => {
    // It has a variable for each service, made from the list of services.
    const urls = Object.keys(VALUES.services as object).map(
      (name) => `${name.replace('-service', '').toUpperCase()}_URL`,
    );
    const known = [...configured('apps/console/src/configuration/console-configuration.ts'), ...urls];
    assert.deepEqual(unknownTo(known, containersWith(/^dist\/console\.js$/)), []);
  });

  it('start only files that the build makes', () => {
    const compose = Object.values(
      parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8'), { merge: true }).services as object[],
    );
    const entries = [
      ...everything
        .flatMap((one) => containers(podTemplate(one)?.spec ?? { containers: [] }))
        .flatMap(({ args = [] }) => args),
      ...compose.flatMap((one) => ('command' in one ? (one.command as string[]) : [])),
    ].filter((word) => /^dist\/\S+\.js$/.test(word));
    assert.ok(new Set(entries).size >= 5);
    for (const entry of new Set(entries)) assert.ok(existsSync(join(ROOT, entry)), entry);
  });

  it('use the default ports of the services', () => {
    const list = readFileSync(join(ROOT, 'libs/configuration/src/services.ts'), 'utf8').replaceAll('_', '');
    for (const [name, { port }] of Object.entries(VALUES.services as Record<string, { port: number }>))
      assert.match(list, new RegExp(`name: '${name}', port: ${port},`));
  });
});

describe('the passwords', () => {
  it('are in the Secret and nowhere else', async () => {
    const text = await HELM_3.render();
    const { data } = find(manifests(text), 'Secret', 'demo-database');
    for (const encoded of Object.values(data as Record<string, string>)) {
      const plain = Buffer.from(encoded, 'base64').toString();
      assert.ok(plain.length >= 32);
      assert.equal(text.split(encoded).length - 1, 1);
      assert.ok(!text.includes(plain));
    }
  });

  it('of a token are not in what everybody may read', async () => {
    const text = await HELM_3.render(['--set', 'chaos.token=a-very-secret-token']);
    assert.ok(!text.includes('a-very-secret-token'));
  });
});

describe('the chart on Kubernetes 1.29', () => {
  it('lets the process drain, since preStop cannot sleep there', async () => {
    const old = manifests(await HELM_3.render(['--kube-version', '1.29.4']));
    const [one] = containersWith(/inventory/, old);
    assert.equal(one?.lifecycle, undefined);
    assert.equal(environmentOf(one).SHUTDOWN_DRAIN_MS, '5500');
  });
});

describe('two releases in one namespace', () => {
  it('share no name, however alike their names begin', async () => {
    const long = 'a-release-name-that-is-as-long-as-helm-takes-it-53-';
    const names = async (release: string) =>
      manifests(await HELM_3.render([], release)).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    for (const [one, other] of [
      ['demo', 'demo-2'],
      [`${long}x`, `${long}y`],
    ] as const) {
      const taken = await names(one);
      assert.deepEqual(
        (await names(other)).filter((name) => taken.includes(name)),
        [],
      );
    }
  });
});

describe('the control connections', () => {
  it('are counted up to the limit that the set-up gives to their role', () => {
    const limits = readFileSync(join(ROOT, 'libs/database/src/budget/role-limits.ts'), 'utf8');
    const limit = /CONTROL_CONNECTION_LIMIT = (\d+)/.exec(limits)?.[1] ?? 'none';
    const chart = readFileSync(join(CHART, 'templates/_validate.tpl'), 'utf8');
    assert.match(chart, new RegExp(`gt \\(int \\$sum\\.control\\) ${limit}`));
  });
});

describe('the replicas', () => {
  it('are counted against the budget, and said', async () => {
    const three = manifests(await HELM_3.render(['--set', 'replicaCount=3']));
    for (const { spec } of three.filter(({ kind }) => kind === 'Deployment')) assert.equal(spec.replicas, 3);
    const refused = await HELM_3.template([
      '--set',
      'replicaCount=3,database.pool.allowOversubscription=false',
    ]);
    assert.match(
      refused.stderr,
      /12 processes while a rollout lasts x database\.pool\.max 100 = 1200 connections, but .* is 100/,
    );
  });

  it('are left out when nobody sets them', () => {
    for (const { spec } of all.filter(({ kind }) => kind === 'Deployment'))
      assert.equal(spec.replicas, undefined);
  });
});

describe('the image', () => {
  const [build, , last] = stages();

  it('runs as a numeric user that is not root, the one of the chart', () => {
    assert.ok(last);
    assert.match(lastValue(last, 'USER') ?? '', /^[1-9]\d*:[1-9]\d*$/);
    assert.equal(lastValue(last, 'USER')?.split(':')[0], String(VALUES.runAsUser));
  });

  it('starts without a shell, and asks nothing of its own', () => {
    assert.ok(last);
    for (const name of ['ENTRYPOINT', 'CMD'])
      assert.ok(Array.isArray(JSON.parse(lastValue(last, name) ?? '')), name);
    assert.equal(lastValue(last, 'HEALTHCHECK'), undefined);
  });

  it('is built with the Node.js it runs on', () => {
    assert.match(build?.base ?? '', /node:24-slim$/);
    assert.match(last?.base ?? '', /nodejs24-/);
  });

  it('has the version of the chart and of the package', () => {
    const { appVersion } = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8'));
    assert.equal(appVersion, JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ContainerProcess, variables } from './support/container.ts';
import { Database, freePort } from './support/database.ts';
import { eventually } from './support/eventually.ts';
import { HELM_3 } from './support/helm.ts';
import { Image } from './support/image.ts';
import {
  type Container,
  containers,
  find,
  type Manifest,
  manifests,
  podTemplate,
} from './support/manifests.ts';
import { metricsUsed } from './support/metrics-used.ts';
import { CHART } from './support/places.ts';

const SERVICES = ['product-service', 'inventory-service', 'order-service'] as const;
const values = (name: string) => ['--values', join(CHART, 'ci', `${name}-values.yaml`)];

const all = manifests(await HELM_3.render());
const strict = manifests(await HELM_3.render(values('strict-readiness')));

function container(from: Manifest[], kind: string, name: string): Container {
  const manifest = kind === 'Job' ? from.find((one) => one.kind === 'Job') : find(from, kind, name);
  const pod = manifest && podTemplate(manifest)?.spec;
  const [first] = pod ? containers(pod) : [];
  assert.ok(first, `${kind} ${name}`);
  return first;
}

describe('what the image would run, on what the chart gives it', () => {
  let image: Image;
  let database: Database;
  let passwords: Record<string, string>;
  const running = new Map<string, ContainerProcess>();

  const environment = (from: Manifest[], one: Container): Record<string, string> => ({
    ...variables(from, one),
    // The passwords of one rendering, as the kept Secret has them.
    ...passwords,
    DB_HOST: '127.0.0.1',
    DB_PORT: String(database.port),
  });
  const migrate = () => {
    const job = container(all, 'Job', '');
    return ContainerProcess.run(image, job.args ?? [], {
      ...environment(all, job),
      DB_SETUP_WAIT_SECONDS: '20',
    });
  };
  const url = (name: string, path = '') => `${running.get(name)?.url}${path}`;

  before(async () => {
    image = Image.build();
    const postgresql = container(all, 'StatefulSet', 'demo-postgresql');
    const job = variables(all, container(all, 'Job', ''));
    passwords = { DB_PASSWORD: job.DB_PASSWORD ?? '', DB_CONTROL_PASSWORD: job.DB_CONTROL_PASSWORD ?? '' };
    database = await Database.start(
      postgresql.args ?? [],
      variables(all, postgresql).POSTGRES_PASSWORD ?? '',
    );
  });
  after(async () => {
    await Promise.all([...running.values()].map((one) => one.stop()));
    await database?.stop();
    image?.remove();
  });

  it('cannot be written by the user that runs it', async () => {
    const write = "require('node:fs').writeFileSync('dist/changed', '')";
    const { code, output } = await ContainerProcess.run(image, ['-e', write], {});
    assert.notEqual(code, 0);
    assert.match(output, /EACCES|EROFS/);
  });

  it('sets the database up, and does no harm the second time', async () => {
    for (const time of ['first', 'second']) {
      const { code, output } = await migrate();
      assert.equal(code, 0, `${time} time: ${output}`);
      for (const password of Object.values(passwords))
        assert.ok(!output.includes(password), 'a password in the log');
    }
    const [role] = await database.sql(
      "SELECT rolconnlimit, rolsuper FROM pg_roles WHERE rolname = 'dbadmin'",
    );
    assert.deepEqual(role, { rolconnlimit: 100, rolsuper: false });
  });

  it('has the limits of the server that the arithmetic counts with', async () => {
    const names = "'max_connections', 'superuser_reserved_connections', 'reserved_connections'";
    const rows = await database.sql(
      `SELECT setting FROM pg_settings WHERE name IN (${names}) ORDER BY setting::int`,
    );
    assert.deepEqual(
      rows.map(({ setting }) => setting),
      ['3', '5', '200'],
    );
  });

  for (const name of SERVICES) {
    it(`starts ${name}, and all its probes answer`, async () => {
      const one = container(all, 'Deployment', `demo-${name}`);
      running.set(name, await ContainerProcess.listening(image, one.args ?? [], environment(all, one)));
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
        await eventually(async () => {
          const { status } = await fetch(url(name, one[probe].httpGet.path));
          assert.equal(status, 200, probe);
        });
      }
    });
  }

  it('stays within the memory it asks for', () => {
    for (const [name, { pid }] of running) {
      const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
      assert.ok(resident < 320, `${name}: ${resident} MiB`);
    }
  });

  it("passes the demo's checks, as helm test runs them", async () => {
    const pod = container(all, 'Pod', 'demo-demo-checks');
    const env = { ...variables(all, pod) };
    for (const name of SERVICES) {
      const variable = name.replace('-service', '').toUpperCase();
      Object.assign(env, { [`${variable}_URL`]: url(name), [`${variable}_CONTROL_URL`]: url(name) });
    }
    const { code, output } = await ContainerProcess.run(image, pod.args ?? [], env);
    assert.equal(code, 0, output);
    assert.match(output, /10 passed, 0 failed/);
  });

  it('stops within five seconds of SIGTERM', async () => {
    const { code, ms } = (await running.get('product-service')?.stop()) ?? {};
    assert.equal(code, 0);
    assert.ok(Number(ms) < 5_000, `${ms} ms`);
  });

  it('can be reset with strict readiness while the pool is exhausted', async () => {
    const service = 'inventory-service';
    const control = find(strict, 'Service', `demo-${service}-control`);
    assert.equal(control.spec.publishNotReadyAddresses, true);
    assert.deepEqual(control.spec.selector, find(strict, 'Service', `demo-${service}`).spec.selector);
    await running.get(service)?.stop();
    const one = container(strict, 'Deployment', `demo-${service}`);
    const env: Record<string, string> = { ...environment(strict, one), DB_ACQUIRE_TIMEOUT_MS: '300' };
    running.set(service, await ContainerProcess.listening(image, one.args ?? [], env));
    const ready = (status: number) =>
      eventually(async () => assert.equal((await fetch(url(service, '/health/ready'))).status, status));
    const demo = (path: string, body = '{}') =>
      fetch(url(service, `/demo/${path}`), {
        method: 'POST',
        body,
        headers: { Authorization: `Bearer ${env.CHAOS_TOKEN}` },
      });
    await ready(200);
    assert.equal((await demo('simulate-pool-exhaustion', '{"connections":100}')).status, 200);
    await ready(503);
    assert.equal((await fetch(url(service, '/inventory/check/5'))).status, 503);
    assert.equal((await demo('reset')).status, 200);
    await ready(200);
  });

  it('exposes every metric that the alerts and the dashboard use', async () => {
    await fetch(url('inventory-service', '/inventory/check/5'));
    const text = await (await fetch(url('inventory-service', '/metrics'))).text();
    const missing = metricsUsed().filter((name) => !new RegExp(`^${name}[{ ]`, 'm').test(text));
    assert.deepEqual(missing, []);
  });

  it('starts the console, and its probes answer', async () => {
    const one = container(strict, 'Deployment', 'demo-console');
    const env = {
      ...environment(strict, one),
      CONSOLE_OTLP_PORT: String(await freePort()),
      CONSOLE_OTLP_ADDRESS: '127.0.0.1',
    };
    running.set('console', await ContainerProcess.listening(image, one.args ?? [], env));
    for (const probe of ['livenessProbe', 'readinessProbe']) {
      assert.equal((await fetch(url('console', one[probe].httpGet.path))).status, 200, probe);
    }
  });

  it('sets a database without a volume up whenever its pod begins', async () => {
    const ephemeral = manifests(await HELM_3.render(values('ephemeral')));
    const pod = podTemplate(find(ephemeral, 'StatefulSet', 'demo-postgresql'))?.spec;
    const one = pod?.containers.find(({ name }) => name === 'migration');
    assert.ok(one);
    const port = await freePort();
    const env = {
      ...environment(ephemeral, one),
      ...variables(all, container(all, 'Job', '')),
      PORT: String(port),
    };
    Object.assign(env, { DB_HOST: '127.0.0.1', DB_PORT: String(database.port) });
    const running = ContainerProcess.run(
      image,
      ['-e', `setTimeout(() => process.kill(process.pid, 'SIGTERM'), 4000);${one.args?.at(-1)}`],
      env,
    );
    await eventually(async () => assert.equal((await fetch(`http://127.0.0.1:${port}/done`)).status, 200));
    const { code, output } = await running;
    assert.equal(code, 0, output);
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FakeKubernetes } from './support/fake-kubernetes/fake-kubernetes.ts';
import { HELM_3, HELM_4, HELMS, type Helm } from './support/helm.ts';
import { containers, environmentOf, podTemplate } from './support/manifests.ts';
import { CHART, RELEASE } from './support/places.ts';

const WAIT = ['--wait', '--timeout', '20s'];
const SERVICE = 'demo-inventory-service';

/** One namespace in which helm is used step by step, as a person would use it. */
class Cluster {
  readonly kubernetes: FakeKubernetes;
  private readonly folder = mkdtempSync(join(tmpdir(), 'chart-lifecycle-'));

  private constructor(kubernetes: FakeKubernetes) {
    this.kubernetes = kubernetes;
    writeFileSync(this.kubeconfig, kubeconfig(kubernetes.url));
  }

  static async start(): Promise<Cluster> {
    return new Cluster(await FakeKubernetes.start());
  }

  async stop(): Promise<void> {
    await this.kubernetes.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** @returns the output of helm @throws what it complained about */
  async helm(helm: Helm, ...args: string[]): Promise<string> {
    const environment = { KUBECONFIG: this.kubeconfig };
    const { code, stdout, stderr } = await helm.run([...args, '--namespace', 'demo'], environment);
    assert.equal(code, 0, `helm ${args.join(' ')}: ${stderr}${stdout}`);
    return stdout;
  }

  install = (helm: Helm, ...more: string[]) =>
    this.helm(helm, 'install', RELEASE, CHART, '--wait-for-jobs', ...WAIT, ...more);
  upgrade = (helm: Helm, ...more: string[]) => this.helm(helm, 'upgrade', RELEASE, CHART, ...WAIT, ...more);

  get passwords(): unknown {
    return this.kubernetes.get('v1', 'secrets', 'demo-database')?.data;
  }

  get jobs(): string[] {
    return this.kubernetes.list('batch/v1', 'jobs').map(({ metadata }) => metadata.name);
  }

  get replicas(): number | undefined {
    return this.deployment.spec.replicas;
  }

  get logLevel(): string | undefined {
    const pod = podTemplate(this.deployment)?.spec;
    return pod && environmentOf(containers(pod)[0]).LOG_LEVEL;
  }

  private get deployment() {
    const found = this.kubernetes.get('apps/v1', 'deployments', SERVICE);
    assert.ok(found, `${SERVICE} is not there`);
    return found;
  }

  private get kubeconfig(): string {
    return join(this.folder, 'kubeconfig');
  }
}

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'fake', cluster: { server } }],
    users: [{ name: 'fake', user: {} }],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
    'current-context': 'fake',
  });
}

for (const helm of HELMS) {
  describe(`a release managed with helm ${helm.version}`, () => {
    let cluster: Cluster;
    let passwords: unknown;
    let job: string | undefined;
    before(async () => {
      cluster = await Cluster.start();
    });
    after(() => cluster.stop());

    it('installs, waits until it is ready, and says what to do next', async () => {
      const notes = await cluster.install(helm);
      assert.match(notes, /STATUS: deployed/);
      assert.match(notes, /100 connections for 3 processes, 6 while a rollout lasts/);
      assert.match(notes, /6 x 100 = 600: 500 more than there are/);
      assert.match(notes, /100 \+ 6 control \+ 4 migration \+ 8 reserved = 118 of max_connections 200/);
      assert.match(notes, /curl -X POST \$INVENTORY\/demo\/simulate-pool-exhaustion/);
      ({ passwords } = cluster);
      [job] = cluster.jobs;
      assert.equal(cluster.jobs.length, 1);
    });

    it('upgrades and keeps the passwords', async () => {
      await cluster.upgrade(helm, '--set', 'config.logLevel=debug');
      assert.equal(cluster.logLevel, 'debug');
      assert.deepEqual(cluster.passwords, passwords);
      assert.deepEqual(cluster.jobs, [job], 'the migration has nothing new to do');
    });

    it('migrates again with another image', async () => {
      await cluster.upgrade(helm, '--set', 'image.tag=0.2.0');
      assert.equal(cluster.jobs.length, 1);
      assert.notDeepEqual(cluster.jobs, [job]);
    });

    it('leaves the number of replicas to whoever scaled them', async () => {
      cluster.kubernetes.scale(SERVICE, 3);
      await cluster.upgrade(helm, '--set', 'config.logLevel=warn');
      assert.equal(cluster.replicas, 3);
      assert.equal(cluster.logLevel, 'warn');
    });

    it('rolls back to the first revision and keeps the passwords', async () => {
      await cluster.helm(helm, 'rollback', RELEASE, '1', ...WAIT);
      assert.equal(cluster.logLevel, 'log');
      assert.deepEqual(cluster.jobs, [job]);
      assert.deepEqual(cluster.passwords, passwords);
    });

    it('runs its test', async () => {
      assert.match(await cluster.helm(helm, 'test', RELEASE, '--timeout', '20s'), /Phase: +Succeeded/);
    });

    it('lives beside a second release in the same namespace', async () => {
      const services = () => cluster.kubernetes.list('v1', 'services').map(({ metadata }) => metadata.name);
      const before = services();
      await cluster.helm(helm, 'install', 'other', CHART, ...WAIT);
      assert.equal(services().length, 2 * before.length);
      await cluster.helm(helm, 'uninstall', 'other');
      assert.deepEqual(services(), before);
    });

    it('leaves nothing but the passwords when it is removed', async () => {
      await cluster.helm(helm, 'uninstall', RELEASE);
      assert.deepEqual(cluster.passwords, passwords);
      for (const [groupVersion, plural] of [
        ['apps/v1', 'deployments'],
        ['apps/v1', 'statefulsets'],
        ['batch/v1', 'jobs'],
        ['v1', 'services'],
        ['networking.k8s.io/v1', 'networkpolicies'],
      ] as const)
        assert.deepEqual(cluster.kubernetes.list(groupVersion, plural), [], plural);
    });

    it('comes back with the passwords that the volume knows', async () => {
      await cluster.install(helm);
      assert.deepEqual(cluster.passwords, passwords);
    });
  });
}

describe('a release that moves from Helm 3 to Helm 4', () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await Cluster.start();
  });
  after(() => cluster.stop());

  it('is upgraded, rolled back and removed by Helm 4', async () => {
    await cluster.install(HELM_3);
    const { passwords } = cluster;
    await cluster.upgrade(HELM_4, '--set', 'config.logLevel=debug');
    assert.equal(cluster.logLevel, 'debug');
    assert.deepEqual(cluster.passwords, passwords);
    await cluster.helm(HELM_4, 'rollback', RELEASE, '1', ...WAIT);
    assert.equal(cluster.logLevel, 'log');
    await cluster.helm(HELM_4, 'uninstall', RELEASE);
    assert.deepEqual(cluster.passwords, passwords);
  });
});

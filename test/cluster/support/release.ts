import type { Helm, HelmResult } from '../../chart/support/helm.ts';
import { CHART } from '../../chart/support/places.ts';
import { eventually } from './eventually.ts';
import { get, KUBECONFIG, kubectl, type Resource } from './kubectl.ts';

export const SERVICES = ['product-service', 'inventory-service', 'order-service'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** A release of the chart in the namespace of the suite, handled as a person would. */
export class Release {
  readonly name: string;
  readonly namespace: string;
  private readonly values: readonly string[];

  /** @param values that the user's cluster needs, such as another image */
  constructor(name: string, namespace: string, values: readonly string[]) {
    this.name = name;
    this.namespace = namespace;
    this.values = values;
  }

  private helm(helm: Helm, ...args: string[]): Promise<HelmResult> {
    return helm.run([...args, '--namespace', this.namespace], { KUBECONFIG });
  }

  /** Installs or upgrades, and waits. @throws the output of helm and the pods if it did not work */
  async apply(helm: Helm, verb: 'install' | 'upgrade', ...settings: string[]): Promise<void> {
    const wait = ['--wait', '--wait-for-jobs', '--timeout', '8m'];
    // Without it, an upgrade that sets nothing keeps what the last one set.
    if (verb === 'upgrade') wait.push('--reset-values');
    await this.run(
      helm,
      verb,
      this.name,
      CHART,
      ...this.values,
      ...settings.flatMap((one) => ['--set', one]),
      ...wait,
    );
    await this.formerPodsGone();
  }

  /** The control Services also lead to pods that are ending, and what is switched on there would end with them. */
  private async formerPodsGone(): Promise<void> {
    await eventually(async () => {
      const ending = (await this.pods()).filter(({ metadata }) => metadata.deletionTimestamp);
      if (ending.length > 0) throw new Error(`${ending.length} pods of ${this.name} are still ending`);
    });
  }

  /** An upgrade with little patience. @returns the output of helm, whether or not it worked */
  upgradeQuickly(helm: Helm, ...args: string[]): Promise<HelmResult> {
    return this.helm(
      helm,
      'upgrade',
      this.name,
      CHART,
      ...this.values,
      ...args,
      '--wait',
      '--timeout',
      '30s',
    );
  }

  /** Uninstalls the release if it exists, and waits until its pods are gone. */
  async remove(helm: Helm): Promise<void> {
    await this.helm(helm, 'uninstall', this.name, '--wait', '--timeout', '5m');
    await eventually(async () => {
      const left = (await this.pods()).filter(
        ({ status }) => !['Succeeded', 'Failed'].includes(status.phase),
      );
      if (left.length > 0) throw new Error(`${left.length} pods of ${this.name} are still there`);
    }, 120_000);
  }

  /** @throws the output of helm and the pods if it did not work */
  async run(helm: Helm, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.helm(helm, ...args);
    if (code !== 0) throw new Error(`helm ${args[0]}: ${stderr.trim()}; ${await this.troubles()}`);
    return stdout;
  }

  deployment(service: ServiceName): string {
    return `deployment/${this.name}-${service}`;
  }

  async pods(component?: string): Promise<Resource[]> {
    const selector = [`app.kubernetes.io/instance=${this.name}`];
    if (component) selector.push(`app.kubernetes.io/component=${component}`);
    return (await get('pods', '-n', this.namespace, '-l', selector.join())).items;
  }

  /** Number of restarts of all existing containers. */
  async restarts(): Promise<number> {
    const statuses = (await this.pods()).flatMap(({ status }) => status.containerStatuses ?? []);
    return statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
  }

  async rollOut(...services: ServiceName[]): Promise<void> {
    const deployments = services.map((service) => this.deployment(service));
    await kubectl(['rollout', 'restart', '-n', this.namespace, ...deployments]);
    await this.rolledOut(...services);
  }

  async rolledOut(...services: ServiceName[]): Promise<void> {
    for (const service of services)
      await kubectl(['rollout', 'status', '-n', this.namespace, this.deployment(service), '--timeout=5m']);
  }

  /** A number from PostgreSQL itself. */
  async sql(statement: string): Promise<string> {
    const command = ['psql', '-h', 'localhost', '-U', 'postgres', '-d', 'productcatalog', '-Atc', statement];
    const pod = `${this.name}-postgresql-0`;
    return (await kubectl(['exec', '-n', this.namespace, pod, '-c', 'postgresql', '--', ...command])).trim();
  }

  async nodePort(service: string): Promise<number> {
    const { spec } = await get('service', `${this.name}-${service}`, '-n', this.namespace);
    return spec.ports[0].nodePort;
  }

  /** Why pods are not running, in Kubernetes' words. */
  private async troubles(): Promise<string> {
    const waiting = (await this.pods().catch(() => [])).flatMap(({ metadata, status }) =>
      (status.containerStatuses ?? []).flatMap(({ state }: Resource) =>
        state.waiting ? [`${metadata.name}: ${state.waiting.reason} ${state.waiting.message ?? ''}`] : [],
      ),
    );
    return waiting.join('; ') || 'no pod says why';
  }
}

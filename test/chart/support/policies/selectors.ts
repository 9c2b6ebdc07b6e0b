import { type Manifest, nameOf, podTemplate } from '../manifests.ts';
import type { Rule } from './rule.ts';

type Labels = Record<string, string>;

/** Selectors match what they should and nothing else, and contain nothing that an upgrade changes. */
export const selectors: Rule = (all) => [
  ...all.filter(({ kind }) => kind === 'Service').flatMap((service) => ofService(all, service)),
  ...all.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet').flatMap(ofController),
  ...all
    .filter(({ kind }) => kind === 'PodDisruptionBudget')
    .filter((budget) => selected(all, budget.spec.selector.matchLabels).length !== 1)
    .map((budget) => `${nameOf(budget)}: selects not exactly one workload`),
  ...all
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .filter((policy) => selected(all, policy.spec.podSelector.matchLabels).length === 0)
    .map((policy) => `${nameOf(policy)}: selects nothing`),
  ...nodePorts(all),
];

function selected(all: readonly Manifest[], labels: Labels): Manifest[] {
  return all.filter((manifest) => {
    const template = podTemplate(manifest);
    return template && Object.entries(labels).every(([key, value]) => template.labels[key] === value);
  });
}

function ofService(all: readonly Manifest[], service: Manifest): string[] {
  const targets = selected(all, service.spec.selector);
  const [target] = targets;
  if (targets.length !== 1 || !target) return [`${nameOf(service)}: selects ${targets.length} workloads`];
  const ports = podTemplate(target)?.spec.containers.flatMap((container) => container.ports ?? []) ?? [];
  return service.spec.ports
    .filter((port: { targetPort: string }) => !ports.some(({ name }) => name === port.targetPort))
    .map((port: { targetPort: string }) => `${nameOf(service)}: no container has a port ${port.targetPort}`);
}

function ofController(manifest: Manifest): string[] {
  const selector: Labels = manifest.spec.selector.matchLabels;
  const labels = podTemplate(manifest)?.labels ?? {};
  const claims: Manifest[] = manifest.spec.volumeClaimTemplates ?? [];
  const fixed = [selector, ...claims.map((claim) => claim.metadata.labels ?? {})];
  return [
    ...Object.keys(selector)
      .filter((key) => labels[key] !== selector[key])
      .map((key) => `does not select its ${key}`),
    ...fixed
      .flatMap(Object.keys)
      .filter((key) => /chart|version/.test(key))
      .map((key) => `${key} is in a field that cannot be changed`),
  ].map((what) => `${nameOf(manifest)}: ${what}`);
}

function nodePorts(all: readonly Manifest[]): string[] {
  const ports = all
    .filter(({ kind }) => kind === 'Service')
    .flatMap(({ spec }) => spec.ports.map((port: { nodePort?: number }) => port.nodePort))
    .filter((port?: number) => port !== undefined);
  return ports
    .filter((port, index) => port < 30_000 || port > 32_767 || ports.indexOf(port) !== index)
    .map((port) => `node port ${port} is out of range or taken twice`);
}

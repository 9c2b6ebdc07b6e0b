import { containers, type Manifest, nameOf, type PodSpec, podTemplate } from '../manifests.ts';
import { GIVEN_SECRETS } from '../value-files.ts';
import type { Rule } from './rule.ts';

/** What an object names exists: Secrets with their keys, ConfigMaps, accounts, targets of autoscalers and routes. */
export const references: Rule = (all) => [
  ...all.flatMap((manifest) => {
    const pod = podTemplate(manifest)?.spec;
    if (!pod) return [];
    return [...ofEnvironment(all, pod), ...ofVolumes(all, pod), ...ofAccount(all, pod)].map(
      (what) => `${nameOf(manifest)}: ${what}`,
    );
  }),
  ...all
    .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
    .flatMap((scaler) => {
      const { kind, name } = scaler.spec.scaleTargetRef;
      return has(all, kind, name) ? [] : [`${nameOf(scaler)}: ${kind}/${name} is not there`];
    }),
  ...all.flatMap((route) =>
    backends(route)
      .filter(({ name, port }) => !servicePorts(all, name).includes(port))
      .map(({ name, port }) => `${nameOf(route)}: Service/${name} with port ${port} is not there`),
  ),
];

/** The backends of an Ingress or an HTTPRoute. */
function backends({ kind, spec }: Manifest): { name: string; port: number }[] {
  if (kind === 'HTTPRoute')
    return spec.rules.flatMap(({ backendRefs }: { backendRefs: object[] }) => backendRefs);
  if (kind !== 'Ingress') return [];
  return spec.rules
    .flatMap(({ http }: { http: { paths: object[] } }) => http.paths)
    .map(({ backend }: any) => ({ name: backend.service.name, port: backend.service.port.number }));
}

function servicePorts(all: readonly Manifest[], name: string): number[] {
  return (has(all, 'Service', name)?.spec.ports ?? []).map(({ port }: { port: number }) => port);
}

function has(all: readonly Manifest[], kind: string, name: string): Manifest | undefined {
  return all.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
}

function ofEnvironment(all: readonly Manifest[], pod: PodSpec): string[] {
  return containers(pod).flatMap(({ env = [] }) =>
    env.flatMap(({ valueFrom }) => {
      const kind = valueFrom?.secretKeyRef ? 'Secret' : 'ConfigMap';
      const reference = valueFrom?.secretKeyRef ?? valueFrom?.configMapKeyRef;
      if (!reference || GIVEN_SECRETS.includes(reference.name)) return [];
      const target = has(all, kind, reference.name);
      if (!target) return [`${kind}/${reference.name} is not there`];
      return reference.key in { ...target.data, ...target.stringData }
        ? []
        : [`${kind}/${reference.name} has no key ${reference.key}`];
    }),
  );
}

function ofVolumes(all: readonly Manifest[], pod: PodSpec): string[] {
  const volumes: { name: string; configMap?: { name: string }; secret?: { secretName: string } }[] =
    pod.volumes ?? [];
  const missing = volumes.flatMap(({ configMap, secret }) => {
    if (configMap && !has(all, 'ConfigMap', configMap.name))
      return [`ConfigMap/${configMap.name} is not there`];
    if (secret && !GIVEN_SECRETS.includes(secret.secretName) && !has(all, 'Secret', secret.secretName))
      return [`Secret/${secret.secretName} is not there`];
    return [];
  });
  const mounted = containers(pod).flatMap((one) => (one.volumeMounts ?? []) as { name: string }[]);
  const unused = volumes.filter(({ name }) => !mounted.some((mount) => mount.name === name));
  return [...missing, ...unused.map(({ name }) => `volume ${name} is mounted nowhere`)];
}

function ofAccount(all: readonly Manifest[], pod: PodSpec): string[] {
  const account = pod.serviceAccountName;
  return account === 'default' || has(all, 'ServiceAccount', account)
    ? []
    : [`ServiceAccount/${account} is not there`];
}

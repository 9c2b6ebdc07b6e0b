/** A kind of object that the API serves. */
export interface Resource {
  readonly groupVersion: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const SERVED: Record<string, Record<string, string>> = {
  v1: {
    namespaces: 'Namespace',
    secrets: 'Secret',
    configmaps: 'ConfigMap',
    services: 'Service',
    serviceaccounts: 'ServiceAccount',
    pods: 'Pod',
    persistentvolumeclaims: 'PersistentVolumeClaim',
    events: 'Event',
  },
  'apps/v1': { deployments: 'Deployment', statefulsets: 'StatefulSet', replicasets: 'ReplicaSet' },
  'batch/v1': { jobs: 'Job' },
  'policy/v1': { poddisruptionbudgets: 'PodDisruptionBudget' },
  'autoscaling/v2': { horizontalpodautoscalers: 'HorizontalPodAutoscaler' },
  'networking.k8s.io/v1': { networkpolicies: 'NetworkPolicy' },
};

export const GROUP_VERSIONS = Object.keys(SERVED);

export function resourcesOf(groupVersion: string): Resource[] {
  return Object.entries(SERVED[groupVersion] ?? {}).map(([plural, kind]) => {
    return { groupVersion, plural, kind, namespaced: kind !== 'Namespace' };
  });
}

/** The object or list that a path names. */
export interface Target {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Reads paths like `/api/v1/namespaces/NS/secrets/NAME`; undefined for what is not served. */
export function targetOf(path: string): Target | undefined {
  const match =
    /^\/(?:api\/(?<core>v1)|apis\/(?<group>[^/]+\/[^/]+))(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[^/]+))?$/.exec(
      path,
    );
  if (!match?.groups) return undefined;
  const { core, group, namespace, plural, name, subresource } = match.groups;
  const resource = resourcesOf(core ?? group ?? '').find((one) => one.plural === plural);
  return resource && { resource, namespace, name, subresource };
}

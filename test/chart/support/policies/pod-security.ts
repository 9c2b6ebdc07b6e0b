import {
  type Container,
  containers,
  type Manifest,
  nameOf,
  type PodSpec,
  podTemplate,
} from '../manifests.ts';
import type { Rule } from './rule.ts';

const VOLUMES = new Set([
  ...[
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ],
]);

/** Kubernetes' Pod Security Standard "restricted", and a read-only root file system. */
export const podSecurity: Rule = (all) => all.flatMap(ofOne);

function ofOne(manifest: Manifest): string[] {
  const pod = podTemplate(manifest)?.spec;
  if (!pod) return [];
  const at = nameOf(manifest);
  return [
    ...['hostNetwork', 'hostPID', 'hostIPC'].filter((key) => pod[key]).map((key) => `${at}: ${key}`),
    ...(pod.volumes ?? []).flatMap((volume: object) =>
      Object.keys(volume)
        .filter((key) => key !== 'name' && !VOLUMES.has(key))
        .map((type) => `${at}: volume of type ${type}`),
    ),
    ...containers(pod).flatMap((container) =>
      ofContainer(pod, container).map((what) => `${at} ${container.name}: ${what}`),
    ),
  ];
}

function ofContainer(pod: PodSpec, { securityContext: own = {}, ports = [] }: Container): string[] {
  const inherited = pod.securityContext ?? {};
  const user = own.runAsUser ?? inherited.runAsUser;
  const broken: [boolean, string][] = [
    [own.privileged === true, 'is privileged'],
    [own.allowPrivilegeEscalation !== false, 'allowPrivilegeEscalation is not false'],
    [!own.capabilities?.drop?.includes('ALL'), 'does not drop all capabilities'],
    [(own.capabilities?.add ?? []).length > 0, 'adds capabilities'],
    [(own.runAsNonRoot ?? inherited.runAsNonRoot) !== true, 'runAsNonRoot is not true'],
    [user === 0, 'runs as root'],
    [
      !['RuntimeDefault', 'Localhost'].includes((own.seccompProfile ?? inherited.seccompProfile)?.type),
      'no seccomp profile',
    ],
    [own.readOnlyRootFilesystem !== true, 'its root file system can be written'],
    [ports.some((port: { hostPort?: number }) => port.hostPort), 'uses a port of the host'],
  ];
  return broken.filter(([is]) => is).map(([, what]) => what);
}

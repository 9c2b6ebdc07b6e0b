import { type Container, containers, type Manifest, nameOf, podTemplate } from '../manifests.ts';
import type { Rule } from './rule.ts';

const LONG_RUNNING = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** What a workload needs to run well: truthful probes, resources, a tag, no unnecessary rights. */
export const workloads: Rule = (all) => all.flatMap(ofOne);

function ofOne(manifest: Manifest): string[] {
  const pod = podTemplate(manifest)?.spec;
  if (!pod) return [];
  const at = nameOf(manifest);
  const problems = containers(pod).flatMap((container) => [
    ...ofContainer(container),
    ...(LONG_RUNNING.includes(manifest.kind) ? probes(container) : []),
  ]);
  if (pod.automountServiceAccountToken !== false) problems.push('mounts a token of its service account');
  if (pod.enableServiceLinks !== false)
    problems.push('gets variables such as DB_PORT from the names of Services');
  return problems.map((problem) => `${at}: ${problem}`);
}

function ofContainer({ name, image, resources, env = [], lifecycle }: Container): string[] {
  const problems: string[] = [];
  if (!resources?.requests?.cpu || !resources.requests.memory || !resources.limits?.memory)
    problems.push(`${name} has no CPU and memory request, or no memory limit`);
  if (/:latest$/.test(image) || !/[:@]/.test(image.split('/').at(-1) ?? ''))
    problems.push(`${name} uses ${image}`);
  if (lifecycle?.preStop?.exec) problems.push(`${name} needs a shell to stop`);
  for (const { name: variable, value } of env) {
    if (/PASSWORD|TOKEN|SECRET|PRIVATE_KEY|HEADERS/.test(variable) && value)
      problems.push(`${name} has ${variable} in plain text`);
  }
  return [...problems, ...referencesBackwards(env).map((one) => `${name}: ${one}`)];
}

/** $(NAME) is replaced only if NAME is defined before it. */
function referencesBackwards(env: NonNullable<Container['env']>): string[] {
  return env.flatMap(({ name, value = '' }, index) =>
    [...value.matchAll(/\$\((\w+)\)/g)]
      .filter(([, used]) => !env.slice(0, index).some((before) => before.name === used))
      .map(([, used]) => `${name} uses $(${used}) before it is there`),
  );
}

function probes(container: Container): string[] {
  const problems = ['startupProbe', 'livenessProbe', 'readinessProbe']
    .filter((probe) => !container[probe])
    .map((probe) => `${container.name} has no ${probe}`);
  const live = container.livenessProbe?.httpGet?.path;
  if (live && live === container.readinessProbe?.httpGet?.path)
    problems.push(`${container.name}: liveness and readiness ask the same`);
  if (live && /ready|db|database/.test(live))
    problems.push(`${container.name}: liveness seems to ask a dependency`);
  if (/psql|select/i.test(String(container.livenessProbe?.exec?.command)))
    problems.push(`${container.name}: liveness takes a session, and fails when there is none left`);
  return problems;
}

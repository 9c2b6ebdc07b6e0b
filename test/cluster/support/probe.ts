import { eventually } from './eventually.ts';
import { get, kubectl } from './kubectl.ts';
import type { Release } from './release.ts';

/** Whether a pod with these labels can open a TCP connection. */
export async function reaches(
  release: Release,
  name: string,
  labels: Record<string, string>,
  host: string,
  port: number,
): Promise<boolean> {
  const deployment = await get(release.deployment('inventory-service'), '-n', release.namespace);
  const { containers } = deployment.spec.template.spec;
  const program = `require('node:net').connect(${port}, '${host}', () => process.exit(0)).on('error', () => process.exit(3));
    setTimeout(() => process.exit(3), 5000)`;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: release.namespace, labels },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name,
          image: containers[0].image,
          imagePullPolicy: containers[0].imagePullPolicy,
          args: ['-e', program],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
  await kubectl(['apply', '-f', '-'], JSON.stringify(pod));
  try {
    return await eventually(async () => {
      const { status } = await get('pod', name, '-n', release.namespace);
      const ended = status.containerStatuses?.[0]?.state?.terminated;
      if (!ended) throw new Error(`${name} is ${status.phase}`);
      if (![0, 3].includes(ended.exitCode)) throw new Error(`${name} ended with ${ended.exitCode}`);
      return ended.exitCode === 0;
    });
  } finally {
    await kubectl(['delete', 'pod', name, '-n', release.namespace, '--now']);
  }
}

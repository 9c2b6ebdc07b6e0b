import type { Manifest } from '../manifests.ts';

/** The status that Kubernetes' controllers would give an object if all goes well, but at once. */
export function statusOf({
  kind,
  spec,
  metadata,
}: Manifest & { metadata: { generation?: number } }): object | undefined {
  const observedGeneration = metadata.generation ?? 1;
  const replicas = spec?.replicas ?? 1;
  const counts = { observedGeneration, replicas, readyReplicas: replicas, availableReplicas: replicas };
  switch (kind) {
    case 'Deployment':
      return {
        ...counts,
        updatedReplicas: replicas,
        conditions: [
          condition('Available'),
          { ...condition('Progressing'), reason: 'NewReplicaSetAvailable' },
        ],
      };
    case 'ReplicaSet':
      return counts;
    case 'StatefulSet':
      return {
        ...counts,
        currentReplicas: replicas,
        updatedReplicas: replicas,
        currentRevision: '1',
        updateRevision: '1',
      };
    case 'Job':
      return {
        succeeded: 1,
        startTime: now(),
        completionTime: now(),
        conditions: [condition('SuccessCriteriaMet'), condition('Complete')],
      };
    case 'Pod':
      return {
        phase: spec.restartPolicy === 'Never' ? 'Succeeded' : 'Running',
        conditions: [condition('Ready')],
      };
    case 'HorizontalPodAutoscaler':
      return { observedGeneration, conditions: [condition('AbleToScale'), condition('ScalingActive')] };
    case 'PodDisruptionBudget':
      return {
        observedGeneration,
        currentHealthy: 1,
        desiredHealthy: 1,
        conditions: [condition('DisruptionAllowed')],
      };
    default:
      return undefined;
  }
}

export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

function condition(type: string) {
  return { type, status: 'True', lastTransitionTime: now() };
}

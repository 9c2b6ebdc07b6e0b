import type { Manifest } from '../manifests.ts';
import type { Resource } from './resources.ts';
import { now, statusOf } from './status.ts';

/** An object with the fields that the API server adds. */
export interface Stored extends Manifest {
  metadata: Manifest['metadata'] & {
    uid: string;
    resourceVersion: string;
    generation: number;
    creationTimestamp: string;
  };
}

export type WatchEvent = { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: Stored };

type Listener = (resource: Resource, event: WatchEvent) => void;

/** All objects of the cluster, and the watchers of their changes. */
export class Store {
  readonly listeners = new Set<Listener>();
  private readonly objects = new Map<string, Stored>();
  private revision = 100;

  get resourceVersion(): string {
    return String(this.revision);
  }

  get(resource: Resource, namespace: string | undefined, name: string): Stored | undefined {
    return this.objects.get(key(resource, namespace, name));
  }

  list(resource: Resource, namespace?: string): Stored[] {
    const prefix = `${resource.groupVersion}|${resource.plural}|`;
    return [...this.objects]
      .filter(
        ([at, object]) => at.startsWith(prefix) && (!namespace || object.metadata.namespace === namespace),
      )
      .map(([, object]) => object);
  }

  put(resource: Resource, namespace: string | undefined, manifest: Manifest): Stored {
    const before = this.get(resource, namespace, manifest.metadata.name);
    const after = this.completed(resource, namespace, manifest, before);
    this.objects.set(key(resource, namespace, after.metadata.name), after);
    this.notify(resource, { type: before ? 'MODIFIED' : 'ADDED', object: after });
    return after;
  }

  delete(resource: Resource, namespace: string | undefined, name: string): boolean {
    const object = this.get(resource, namespace, name);
    if (!object) return false;
    this.objects.delete(key(resource, namespace, name));
    object.metadata.resourceVersion = String(++this.revision);
    this.notify(resource, { type: 'DELETED', object });
    return true;
  }

  private completed(
    { groupVersion, kind }: Resource,
    namespace: string | undefined,
    manifest: Manifest,
    before: Stored | undefined,
  ): Stored {
    const changed = JSON.stringify(before?.spec) !== JSON.stringify(manifest.spec);
    const after: Stored = {
      ...manifest,
      apiVersion: groupVersion,
      kind,
      metadata: {
        ...manifest.metadata,
        namespace,
        uid: before?.metadata.uid ?? `uid-${++this.revision}`,
        creationTimestamp: before?.metadata.creationTimestamp ?? now(),
        resourceVersion: String(++this.revision),
        generation: (before?.metadata.generation ?? 0) + (changed ? 1 : 0),
      },
    };
    // Defaults that helm relies on.
    if (['Deployment', 'ReplicaSet', 'StatefulSet'].includes(kind))
      after.spec.replicas ??= before?.spec.replicas ?? 1;
    if (kind === 'Service' && after.spec.clusterIP !== 'None') after.spec.clusterIP ??= '10.43.0.10';
    const status = statusOf(after);
    return status ? { ...after, status } : after;
  }

  private notify(resource: Resource, event: WatchEvent): void {
    for (const listener of this.listeners) listener(resource, event);
  }
}

function key({ groupVersion, plural }: Resource, namespace: string | undefined, name: string): string {
  return `${groupVersion}|${plural}|${namespace ?? ''}|${name}`;
}

import { parseAllDocuments } from 'yaml';

interface EnvironmentVariable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: Reference; configMapKeyRef?: Reference; fieldRef?: { fieldPath: string } };
}

interface Reference {
  name: string;
  key: string;
  optional?: boolean;
}

/** Fields that no check reads by name are validated with Kubernetes' own schemas. */
export interface Container {
  name: string;
  image: string;
  args?: string[];
  env?: EnvironmentVariable[];
  [field: string]: any;
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  [field: string]: any;
}

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: any;
}

/** All objects that helm rendered. @throws on text that is not YAML, or has a key twice */
export function manifests(text: string): Manifest[] {
  return parseAllDocuments(text, { uniqueKeys: true }).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw error;
    const manifest = document.toJSON() as Manifest | null;
    return manifest ? [manifest] : [];
  });
}

/** The one object of a kind with that name. @throws if it does not exist */
export function find(all: readonly Manifest[], kind: string, name: string): Manifest {
  const found = all.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name} among ${all.map(nameOf).join(', ')}`);
  return found;
}

export function nameOf({ kind, metadata }: Manifest): string {
  return `${kind}/${metadata.name}`;
}

/** The template for the object's pods, if it has one. */
export function podTemplate(
  manifest: Manifest,
): { spec: PodSpec; labels: Record<string, string> } | undefined {
  if (manifest.kind === 'Pod') return { spec: manifest.spec, labels: manifest.metadata.labels ?? {} };
  const template = manifest.spec?.template;
  return template?.spec && { spec: template.spec, labels: template.metadata?.labels ?? {} };
}

export function containers(pod: PodSpec): Container[] {
  return [...pod.containers, ...(pod.initContainers ?? [])];
}

/** Variables of a container by name, those from a Secret as `secret:key`. */
export function environmentOf(container: Container | undefined): Record<string, string> {
  const value = ({ value: text, valueFrom }: EnvironmentVariable) =>
    text ??
    (valueFrom?.secretKeyRef
      ? `secret:${valueFrom.secretKeyRef.key}`
      : `field:${valueFrom?.fieldRef?.fieldPath}`);
  return Object.fromEntries((container?.env ?? []).map((variable) => [variable.name, value(variable)]));
}

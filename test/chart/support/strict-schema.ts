import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { containers, type Manifest, nameOf, podTemplate } from './manifests.ts';
import { HERE } from './places.ts';

interface ModelClass {
  getAttributeTypeMap?(): { baseName: string; type: string }[];
}

// From deep inside the package, since its main entry exports the classes without their names.
const models = (await import(
  pathToFileURL(join(HERE, 'node_modules/@kubernetes/client-node/dist/gen/models/all.js')).href
)) as Record<string, ModelClass>;

/** Kinds of the Prometheus Operator and of the Gateway API, which Kubernetes' own schemas do not contain. */
const FOREIGN = /^(monitoring\.coreos\.com|gateway\.networking\.k8s\.io)\//;

/** What the API server would refuse in an object: wrong or unknown fields, doubled keys, unusable names. */
export async function schemaErrors(manifest: Manifest): Promise<string[]> {
  if (FOREIGN.test(manifest.apiVersion)) return nameErrors(manifest);
  const model = modelOf(manifest);
  if (!model) return [`${nameOf(manifest)}: no schema for ${manifest.apiVersion}`];
  return [
    ...unknownFields(manifest, model, nameOf(manifest)),
    ...(await invalidValues(manifest)),
    ...doubledKeys(manifest),
    ...nameErrors(manifest),
  ];
}

function modelOf({ apiVersion, kind }: Manifest): string | undefined {
  const version = apiVersion.split('/').at(-1) ?? '';
  const prefix = version[0]?.toUpperCase() + version.slice(1);
  return [`${prefix}${kind}`, `Core${prefix}${kind}`].find((name) => models[name]);
}

/** The generated client knows every field of every type, so a field that it does not know does not exist. */
function unknownFields(value: unknown, type: string, path: string): string[] {
  if (value === null || value === undefined) return [];
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  if (list) {
    if (!Array.isArray(value)) return [`${path}: must be a list`];
    return value.flatMap((item, index) => unknownFields(item, list, `${path}[${index}]`));
  }
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  if (map) return entries(value, path, (item, key) => unknownFields(item, map, `${path}.${key}`));
  if (['string', 'number', 'boolean'].includes(type)) {
    return typeof value === type ? [] : [`${path}: must be a ${type}, is ${JSON.stringify(value)}`];
  }
  const fields = models[type]?.getAttributeTypeMap?.();
  if (!fields) return [];
  return entries(value, path, (item, key) => {
    const field = fields.find(({ baseName }) => baseName === key);
    return field ? unknownFields(item, field.type, `${path}.${key}`) : [`${path}: unknown field ${key}`];
  });
}

function entries(value: unknown, path: string, check: (item: unknown, key: string) => string[]): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: must be a map`];
  return Object.entries(value).flatMap(([key, item]) => check(item, key));
}

async function invalidValues(manifest: Manifest): Promise<string[]> {
  const [group, version] = manifest.apiVersion.includes('/')
    ? manifest.apiVersion.split('/')
    : ['', manifest.apiVersion];
  const file = join('node_modules/kubernetes-models', group ?? '', version ?? '', `${manifest.kind}.js`);
  const module = await import(pathToFileURL(join(HERE, file)).href);
  try {
    new module[manifest.kind](structuredClone(manifest)).validate();
    return [];
  } catch (error) {
    return [`${nameOf(manifest)}: ${(error as Error).message}`];
  }
}

/** Server-side apply, which Helm 4 uses, merges these lists by a key and refuses a key that occurs twice. */
function doubledKeys(manifest: Manifest): string[] {
  const doubled = <T>(list: T[] | undefined, key: (item: T) => string, path: string) => {
    const keys = (list ?? []).map(key);
    return keys
      .filter((one, index) => keys.indexOf(one) !== index)
      .map((one) => `${path}: ${one} is there twice`);
  };
  const at = nameOf(manifest);
  const errors = doubled(
    manifest.kind === 'Service' ? manifest.spec.ports : [],
    portKey('port'),
    `${at} ports`,
  );
  const pod = podTemplate(manifest)?.spec;
  if (!pod) return errors;
  errors.push(...doubled<{ name: string }>(pod.volumes, ({ name }) => name, `${at} volumes`));
  for (const container of containers(pod)) {
    const inside = `${at} ${container.name}`;
    errors.push(
      ...doubled(container.env, ({ name }) => name, `${inside} env`),
      ...doubled(container.ports, portKey('containerPort'), `${inside} ports`),
      ...doubled<{ mountPath: string }>(
        container.volumeMounts,
        ({ mountPath }) => mountPath,
        `${inside} mounts`,
      ),
    );
  }
  return errors;
}

function portKey(field: 'port' | 'containerPort') {
  return (port: Record<string, unknown>) => `${port[field]}/${port.protocol ?? 'TCP'}`;
}

function nameErrors(manifest: Manifest): string[] {
  const { name } = manifest.metadata;
  const longest = ['Service', 'StatefulSet', 'Job'].includes(manifest.kind) ? 63 : 253;
  const pattern =
    manifest.kind === 'Service' ? /^[a-z]([-a-z0-9]*[a-z0-9])?$/ : /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
  const labels = Object.values({ ...manifest.metadata.labels, ...podTemplate(manifest)?.labels });
  return [
    ...(pattern.test(name) && name.length <= longest ? [] : [`${nameOf(manifest)}: not a usable name`]),
    ...labels
      .filter((value) => value.length > 63)
      .map((value) => `${nameOf(manifest)}: label ${value} is too long`),
  ];
}

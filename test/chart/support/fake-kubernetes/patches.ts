type Json = unknown;
type JsonObject = Record<string, Json>;

/** The fields by which Kubernetes merges lists of these names; all other lists are replaced. */
const MERGE_KEYS: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
  imagePullSecrets: 'name',
  topologySpreadConstraints: 'topologyKey',
};

/** A JSON merge patch: null removes, lists are replaced. */
export function mergePatch(before: Json, patch: Json): Json {
  if (!isObject(before) || !isObject(patch)) return structuredClone(patch);
  const after: JsonObject = { ...before };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete after[key];
    else after[key] = key in after ? mergePatch(after[key], value) : structuredClone(value);
  }
  return after;
}

/** The strategic merge patch of Helm 3: lists with a key are merged by it. */
export function strategicPatch(before: Json, patch: Json, name = ''): Json {
  const key = name === 'ports' ? portKey(patch) : MERGE_KEYS[name];
  if (Array.isArray(before) && Array.isArray(patch) && key) return mergeByKey(before, patch, key);
  if (!isObject(before) || !isObject(patch)) return structuredClone(patch);
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  const after: JsonObject = { ...before };
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$')) continue;
    if (value === null) delete after[field];
    else
      after[field] = field in after ? strategicPatch(after[field], value, field) : withoutDirectives(value);
  }
  const kept = patch.$retainKeys;
  return Array.isArray(kept)
    ? Object.fromEntries(Object.entries(after).filter(([field]) => kept.includes(field)))
    : after;
}

/** Server-side apply by one manager: what it applied before and does not name any more is removed. */
export function serverSideApply(before: Json, lastApplied: Json, applied: Json): Json {
  if (!isObject(before) || !isObject(applied)) return structuredClone(applied);
  const after: JsonObject = { ...before };
  for (const key of isObject(lastApplied) ? Object.keys(lastApplied) : [])
    if (!(key in applied)) delete after[key];
  for (const [key, value] of Object.entries(applied)) {
    after[key] = serverSideApply(after[key], isObject(lastApplied) ? lastApplied[key] : undefined, value);
  }
  return after;
}

function mergeByKey(before: Json[], patch: Json[], key: string): Json[] {
  let after = [...before];
  for (const item of patch.filter(isObject)) {
    const at = after.findIndex((one) => isObject(one) && one[key] === item[key]);
    if (item.$patch === 'delete') after = after.filter((_, index) => index !== at);
    else if (at < 0) after.push(withoutDirectives(item));
    else after[at] = strategicPatch(after[at], item);
  }
  return after;
}

function portKey(patch: Json): string {
  return Array.isArray(patch) && patch.some((port) => isObject(port) && 'containerPort' in port)
    ? 'containerPort'
    : 'port';
}

function withoutDirectives(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !key.startsWith('$'));
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutDirectives(item)]));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CHART } from './places.ts';

type Tree = Record<string, unknown>;

export const VALUES = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as Tree;

const SCHEMA = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8'));

/** All templates as one text. */
export const TEMPLATES = readdirSync(join(CHART, 'templates'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ya?ml|tpl|txt)$/.test(file))
  .map((file) => readFileSync(join(CHART, 'templates', file), 'utf8'))
  .join('\n');

/** Whether values.yaml has anything at a path, even null. */
export function isDeclared(path: string): boolean {
  let here: unknown = VALUES;
  for (const key of path.split('.')) {
    if (!isTree(here) || !(key in here)) return false;
    here = here[key];
  }
  return true;
}

/** Paths of all values, without those of each service. */
export function leaves(tree: Tree = VALUES, path = ''): { path: string; value: unknown }[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const own = path ? `${path}.${key}` : key;
    if (own === 'services') return [];
    return isTree(value) && Object.keys(value).length > 0 ? leaves(value, own) : [{ path: own, value }];
  });
}

/** Paths that are in the schema. */
export function known(schema: Tree = SCHEMA, path = ''): string[] {
  const reference = schema.$ref as string | undefined;
  const resolved = reference ? SCHEMA.definitions[reference.replace('#/definitions/', '')] : schema;
  const properties = Object.entries((resolved.properties ?? {}) as Record<string, Tree>);
  return properties.flatMap(([key, below]) => {
    const own = path ? `${path}.${key}` : key;
    const inside = known(below, own);
    return inside.length > 0 ? inside : [own];
  });
}

/** Other values that the schema accepts instead. */
export function others(path: string, value: unknown): unknown[] {
  const schema = schemaAt(path);
  if (schema.enum) return schema.enum as unknown[];
  // A file may already have switched it.
  if (typeof value === 'boolean') return [!value, value];
  if (typeof value === 'number') return [value + 2];
  if (value === null) return [(schema.minimum as number) + 2];
  if (Array.isArray(value)) return [[sample(schema.items as Tree)], [{ name: 'changed' }]];
  if (isTree(value)) return [{ changed: 'changed' }];
  return TEXTS.filter((one) => new RegExp((schema.pattern as string | undefined) ?? '').test(one)).slice(
    0,
    2,
  );
}

/** One text for each pattern of the schema. */
const TEXTS = [
  ...[
    'changed',
    '18-alpine',
    '77Mi',
    '7s',
    '/changed',
    'http://changed:4318',
    'changed.example.org',
    'changed_name',
  ],
  `sha256:${'1'.repeat(64)}`,
];

/** A value that the schema accepts. */
function sample(schema: Tree | undefined): unknown {
  const { enum: choices, type, items, required = [], properties = {}, pattern = '' } = resolve(schema ?? {});
  if (choices) return (choices as unknown[])[0];
  if (type === 'array') return [sample(items as Tree)];
  if (type !== 'object') return TEXTS.find((one) => new RegExp(pattern as string).test(one));
  return Object.fromEntries(
    (required as string[]).map((key) => [key, sample((properties as Tree)[key] as Tree)]),
  );
}

function resolve(schema: Tree): Tree {
  const reference = schema.$ref as string | undefined;
  return reference ? SCHEMA.definitions[reference.replace('#/definitions/', '')] : schema;
}

function schemaAt(path: string): Tree {
  return path.split('.').reduce((schema, key) => {
    const inside = resolve(schema);
    return resolve(((inside.properties as Tree)?.[key] ?? inside.additionalProperties) as Tree);
  }, SCHEMA as Tree);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

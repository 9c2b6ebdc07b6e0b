import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, REPLACED } from '@app/conformance';
import { ATTRIBUTES } from '@app/telemetry';
import { CHECKOUT } from '../places';

const INSTALLED = join(CHECKOUT, 'node_modules/@opentelemetry/semantic-conventions');
const DECLARATIONS = [
  'stable_metrics',
  'experimental_metrics',
  'stable_attributes',
  'experimental_attributes',
];
/** Attributes and metrics of databases and HTTP servers. */
const OURS = /^(db\.client\.(?!cosmosdb)|http\.server\.|db\.|server\.|url\.|error\.)/;

/**
 * Finds what a release of the semantic conventions package renames among the names that the services emit and the rules
 * know.
 *
 * @param folder of the package; the installed one by default
 * @returns a sentence for each difference; none if nothing has changed
 */
export function conventionChanges(folder = INSTALLED): string[] {
  const { names, replaced } = readPackage(folder);
  const emitted = new Set([...Object.keys(METRICS), ...Object.keys(ATTRIBUTES)]);
  const renamed = [...emitted]
    .filter((name) => replaced.has(name) && !emitted.has(replaced.get(name) ?? ''))
    .map((name) => `${name} became ${replaced.get(name)}, which is not emitted`);
  const gone = Object.keys(METRICS)
    .filter((name) => !names.has(name))
    .map((name) => `${name} is no metric of the conventions`);
  const metrics = [...replaced].filter(
    ([name]) => /^db\.client\.connections?\./.test(name) && OURS.test(name),
  );
  const unknown = metrics
    .filter(([name, to]) => METRICS[to] && REPLACED[name] !== to)
    .map(([name, to]) => `${name} became ${to}, which the rules do not know`);
  return [...renamed, ...gone, ...unknown];
}

/** All names that the package declares, and what replaced those that were abandoned. */
function readPackage(folder: string): { names: Set<string>; replaced: Map<string, string> } {
  const names = new Set<string>();
  const replaced = new Map<string, string>();
  for (const file of DECLARATIONS) {
    const text = readFileSync(join(folder, 'dist', `${file}.d.cts`), 'utf8');
    for (const [, comment = '', name = ''] of text.matchAll(
      /\/\*\*([\s\S]*?)\*\/\s*declare const \w+: "([^"]+)"/g,
    )) {
      names.add(name);
      const [, to] = /@deprecated Replaced by `([^`]+)`/.exec(comment) ?? [];
      if (to) replaced.set(name, to);
    }
  }
  return { names, replaced };
}

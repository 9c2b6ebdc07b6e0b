import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isNode, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { CHART } from './places.ts';

export const README = join(CHART, 'README.md');

const BEGIN = '<!-- made from values.yaml: npm run update in test/chart -->';
const END = '<!-- end -->';

interface Row {
  readonly key: string;
  readonly value: string;
  readonly meaning: string;
}

/** The README with a table of values made from the current values.yaml. */
export function readmeWithTable(): string {
  const text = readFileSync(README, 'utf8');
  const [before, rest = ''] = text.split(BEGIN);
  const [, after] = rest.split(END);
  if (after === undefined) throw new Error(`${README} has no place for the table`);
  return `${before}${BEGIN}\n${table()}\n${END}${after}`;
}

/** Values without an explanation. */
export function unexplained(): string[] {
  return rows()
    .filter(({ meaning }) => !meaning)
    .map(({ key }) => key);
}

function table(): string {
  const lines = rows().map(({ key, value, meaning }) => `| \`${key}\` | ${value} | ${meaning} |`);
  return ['| value | default | meaning |', '|---|---|---|', ...lines].join('\n');
}

function rows(): Row[] {
  const document = parseDocument(readFileSync(join(CHART, 'values.yaml'), 'utf8'));
  return inside(document.contents as YAMLMap, '', document.commentBefore ?? '');
}

function inside(map: YAMLMap, path: string, first = ''): Row[] {
  return map.items.flatMap((pair, index) => ofPair(pair, path, index === 0 ? first : ''));
}

function ofPair({ key, value }: Pair, path: string, first: string): Row[] {
  const name = isScalar(key) ? String(key.value) : String(key);
  const own = path ? `${path}.${name}` : name;
  const comment = (isScalar(key) && key.commentBefore) || first;
  const meaning = /^ -- (.*)$/m.exec(comment)?.[1] ?? '';
  if (own === 'services') return [{ key: own, value: '', meaning }];
  const isGroup = isMap(value) && value.items.length > 0 && !meaning;
  if (isGroup) return inside(value, own, value.commentBefore ?? '');
  const shown = JSON.stringify(isNode(value) ? value.toJSON() : value);
  return [
    {
      key: own,
      value: shown === '""' ? '' : `\`${shown.replaceAll('|', '\\|')}\``,
      meaning: meaning.replaceAll('|', '\\|'),
    },
  ];
}

import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..');
/** The Markdown files of the project, without those of its packages. */
const DOCUMENTS = globSync('**/*.md', { cwd: ROOT, exclude: ['**/node_modules', 'dist', '.*'] });

/** The anchors of a document, as GitHub derives them from its headings. */
function anchors(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^#+ +(.+)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

/** The links in a text to a file or a heading of the project, outside code. */
function links(text: string): string[] {
  const prose = text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target as string)
    .filter((target) => !/^[a-z]+:/.test(target));
}

function isThere(document: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file ? join(ROOT, dirname(document), decodeURI(file)) : join(ROOT, document);
  if (relative(ROOT, target).startsWith('..') || !existsSync(target)) return false;
  return anchor === undefined || (statSync(target).isFile() && anchors(target).includes(anchor));
}

it.each(DOCUMENTS)('%s has no broken link', (document) => {
  const missing = links(readFileSync(join(ROOT, document), 'utf8')).filter(
    (link) => !isThere(document, link),
  );
  expect(missing).toEqual([]);
});

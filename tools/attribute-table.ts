import { ATTRIBUTES } from '@app/telemetry';
import { BACKENDS } from './conformance/backends';

const WHEN: Record<string, string> = {
  always: 'always',
  table: 'acts on a table',
  answer: 'was answered',
  executed: 'got a connection',
  failure: 'failed',
  sqlstate: 'PostgreSQL refused',
  route: 'met a route',
  'slow-queries': 'during the fault',
};

/** The attributes of all spans as the table of docs/telemetry.md. */
export function attributeTable(): string {
  const rows = Object.entries(ATTRIBUTES).map(([name, { on, present, example, brief, neededBy }]) => {
    const backends = neededBy.map((backend) => BACKENDS[backend].title).join(', ');
    return `| \`${name}\` | ${on} | ${WHEN[present]} | \`${example}\` | ${brief} | ${backends} |`;
  });
  return [
    '| attribute | span | when | example | what | needed by |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

if (require.main === module) process.stdout.write(`${attributeTable()}\n`);

import { READERS, RULES } from '@app/conformance';
import { ATTRIBUTES, otelVariableTable } from '@app/telemetry';

const WHEN: Record<string, string> = {
  always: 'always',
  table: 'acts on a table',
  answer: 'was answered',
  executed: 'got a connection',
  failure: 'failed',
  sqlstate: 'PostgreSQL refused',
  route: 'met a route',
  answered: 'was answered',
  'unknown-method': 'no usual method',
  delayed: 'during the fault',
};

/** The attributes of all spans as the table of docs/telemetry.md. */
export function attributeTable(): string {
  const rows = Object.entries(ATTRIBUTES).map(
    ([name, { on, present, example, brief }]) =>
      `| \`${name}\` | ${on} | ${WHEN[present]} | \`${example}\` | ${brief} | ${readBy(name)} |`,
  );
  return [
    '| attribute | span | when | example | what | read by |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** The readers with a rule that needs the attribute, alone or under one of its names. */
function readBy(name: string): string {
  const asking = RULES.filter(({ level, attributes }) => level !== 'opt-in' && attributes?.includes(name));
  return [...new Set(asking.map(({ reader }) => READERS[reader]))].join(', ');
}

if (require.main === module) process.stdout.write(`${attributeTable()}\n\n${otelVariableTable()}\n`);

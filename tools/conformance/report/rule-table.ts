import { NOT_EVALUATED, READERS, type Reader, RULES } from '@app/conformance';

/** All rules, reader by reader, and the readers that cannot be evaluated: a part of docs/conformance.md. */
export function ruleTable(): string {
  const readers = (Object.keys(READERS) as Reader[]).map((reader) => {
    const rows = RULES.filter((rule) => rule.reader === reader).map(
      ({ id, level, signal, title, without, source }) =>
        `| \`${id.slice(reader.length + 1)}\` | ${level} | ${signal} | ${cell(title)} | ${cell(without)} | [${source.asOf}](${source.address}) |`,
    );
    return [
      `### ${READERS[reader]}: \`${reader}\``,
      '',
      '| rule | level | signal | what holds | what is wrong without it | source |',
      '|---|---|---|---|---|---|',
      ...rows,
    ].join('\n');
  });
  const unevaluated = Object.entries(NOT_EVALUATED).map(([name, reason]) => `- **${name}**: ${reason}.`);
  return [...readers, ['### Not judged', '', ...unevaluated].join('\n')].join('\n\n');
}

const cell = (text: string) => text.replaceAll('|', '\\|');

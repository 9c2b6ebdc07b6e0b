import type { Passage } from '../collector/through-collector';

/** What each pipeline of a Collector drops and changes. */
export function collectorTable(passages: readonly Passage[]): string {
  return passages
    .flatMap(({ pipeline, came, dropped, example, set, exporters, notRead, warnings }) => [
      `${pipeline}: ${came} spans came, ${dropped} dropped${example ? ` (the first: ${example})` : ''}, ${came - dropped} to ${exporters.join(', ')}`,
      ...Object.entries(set).map(([name, count]) => `  sets ${name} on ${count}`),
      ...notRead.map((name) => `  ${name} is not read here: what it does is not judged`),
      ...warnings.map((warning) => `  warn  ${warning}`),
    ])
    .join('\n');
}

import { allScenarios, FIGURES_OF_NOW, FIGURES_OF_STEP, type Scenario, scenarioSchema } from '@app/scenario';

interface Schema {
  description?: string;
  type?: string | string[];
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  $ref?: string;
}

/** The tables of docs/scenarios.md: the existing scenarios, and what a file may contain. */
export function scenarioTables(): string {
  const schema = scenarioSchema() as unknown as Schema & { definitions: Record<string, Schema> };
  return [
    '## The scenarios',
    '',
    '| `npm run scenario` | what it is about | takes | it happened |',
    '|---|---|---|---|',
    ...allScenarios().map(scenarioRow),
    '',
    '## What a file has',
    '',
    ...table(schema),
    '',
    'A step:',
    '',
    ...table(schema.definitions.step as Schema),
    '',
    '`load` of a step:',
    '',
    ...table(schema.definitions.step?.properties?.load as Schema),
    '',
    '## Figures',
    '',
    'Of now, for `until`:',
    '',
    ...figures(FIGURES_OF_NOW),
    '',
    'Of the step, for `expect`:',
    '',
    ...figures(FIGURES_OF_STEP),
  ].join('\n');
}

function scenarioRow({ name, sentence, ends, incident }: Scenario): string {
  return `| \`${name}\` | ${sentence} | ${ends} s | ${incident ? `[${incident.who}](${incident.url})` : ''} |`;
}

function table({ properties = {}, required = [] }: Schema): string[] {
  const rows = Object.entries(properties).map(([name, { description = '' }]) => {
    return `| \`${name}\` | ${required.includes(name) ? 'yes' : ''} | ${description} |`;
  });
  return ['| field | needed | what it is |', '|---|---|---|', ...rows];
}

function figures(list: Record<string, string>): string[] {
  return [
    '| figure | what it is |',
    '|---|---|',
    ...Object.entries(list).map(([name, text]) => `| \`${name}\` | ${text} |`),
  ];
}

if (require.main === module) process.stdout.write(`${scenarioTables()}\n`);

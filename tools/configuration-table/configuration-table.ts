import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONSOLE } from '@app/configuration';
import * as ts from 'typescript';
import { CHECKOUT } from '../places';

interface Part {
  title: string;
  /** Classes with the files that contain them, the most general one first. */
  classes: [file: string, name: string][];
}

const PARTS: Part[] = [
  {
    title: 'Each service',
    classes: [
      ['libs/configuration/src/configuration.ts', 'Configuration'],
      ['libs/configuration/src/database-access.ts', 'DatabaseAccess'],
    ],
  },
  {
    title: 'The console',
    classes: [['apps/console/src/configuration/console-configuration.ts', 'ConsoleConfiguration']],
  },
  {
    title: 'A PostgreSQL of your own: `npm run db:setup`, and `npm start` with `DB_HOST`',
    classes: [
      ['tools/database-configuration.ts', 'OwnDatabase'],
      ['tools/database-configuration.ts', 'OwnDatabaseToSetUp'],
    ],
  },
];

/** Defaults that the classes take from the list of services. */
const NAMED: Record<string, unknown> = { 'CONSOLE.port': CONSOLE.port, 'CONSOLE.otlpPort': CONSOLE.otlpPort };

/** What `docs/configuration.md` says about every variable, from the classes that read them. */
export function configurationTables(): string {
  return PARTS.map(({ title, classes }) =>
    [
      `## ${title}`,
      '',
      '| variable | default | may be | meaning |',
      '|---|---|---|---|',
      ...classes.flatMap(([file, name]) => variables(file, name)).map((cells) => `| ${cells.join(' | ')} |`),
    ].join('\n'),
  ).join('\n\n');
}

function variables(file: string, name: string): string[][] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(CHECKOUT, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found = source.statements.find((one) => ts.isClassDeclaration(one) && one.name?.text === name);
  if (!found || !ts.isClassDeclaration(found)) throw new Error(`there is no class ${name} in ${file}`);
  return found.members
    .filter(ts.isPropertyDeclaration)
    .map((property) => [
      `\`${property.name.getText()}\``,
      defaultOf(property),
      boundsOf(property),
      meaningOf(property),
    ]);
}

function defaultOf({ initializer, questionToken }: ts.PropertyDeclaration): string {
  if (!initializer) return questionToken ? '' : 'of each service';
  const text = initializer.getText();
  const value =
    NAMED[text] ?? text.replace(/^'(.*)'$/, '$1').replaceAll('_', text.startsWith("'") ? '_' : '');
  return value === '' ? '' : `\`${value}\``;
}

/** What the decorators of a property accept. */
function boundsOf(property: ts.PropertyDeclaration): string {
  const argument = new Map(
    (ts.getDecorators(property) ?? [])
      .map(({ expression }) => expression)
      .filter(ts.isCallExpression)
      .map((call) => [call.expression.getText(), call.arguments[0]?.getText() ?? '']),
  );
  const number = (text: string) => text.replaceAll('_', '');
  const values = argument.get('IsIn');
  if (values) return values.replace(/^\[|\]$/g, '').replaceAll("'", '`');
  if (argument.has('IsBoolean')) return '`true`, `false`';
  if (argument.has('IsUrl')) return 'a URL';
  if (argument.has('Max'))
    return `${number(argument.get('Min') ?? '')} to ${bound(argument.get('Max') ?? '')}`;
  return argument.has('MinLength') ? `at least ${argument.get('MinLength')} characters` : '';
}

function bound(text: string): string {
  return text === 'MOST_OF_A_POOL' ? '1000' : text.replaceAll('_', '');
}

function meaningOf(property: ts.PropertyDeclaration): string {
  const [comment] = ts.getJSDocCommentsAndTags(property);
  const text = comment && ts.getTextOfJSDocComment(comment.comment);
  if (!text) throw new Error(`${property.name.getText()} has no comment that says what it means`);
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}

if (require.main === module) process.stdout.write(`${configurationTables()}\n`);

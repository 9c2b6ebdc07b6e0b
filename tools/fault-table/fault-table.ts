import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { CHECKOUT } from '../places';

const FAULTS = 'libs/demo-chaos/src/faults';
/** The document that has a section for each fault. */
const CATALOGUE = 'docs/failures-catalogue.md';

/** A fault as its class describes it. */
export interface ListedFault {
  name: string;
  summary: string;
}

/**
 * The faults of all-faults.ts in its order. They are parsed, not constructed, because each needs a database and a
 * service.
 */
export function listedFaults(): ListedFault[] {
  const list = parsed('all-faults.ts');
  const files = new Map(
    list.statements
      .filter(ts.isImportDeclaration)
      .flatMap(({ importClause, moduleSpecifier }) =>
        namesOf(importClause).map((name) => [name, `${(moduleSpecifier as ts.StringLiteral).text}.ts`]),
      ),
  );
  return classesIn(list).map((name) => {
    const file = files.get(name);
    if (!file) throw new Error(`all-faults.ts lists ${name} and does not import it`);
    return described(file, name);
  });
}

/** The table of README.md, which links each name to its section of the catalogue. */
export function faultTable(): string {
  const rows = listedFaults().map(
    ({ name, summary }) => `| [\`${name}\`](${CATALOGUE}#${name}) | ${summary.replaceAll('|', '\\|')} |`,
  );
  return ['| fault | what it does |', '|---|---|', ...rows].join('\n');
}

function parsed(file: string): ts.SourceFile {
  const text = readFileSync(join(CHECKOUT, FAULTS, file), 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

function namesOf(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings;
  return bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : [];
}

/** The names in the list, which is the only array of its file. */
function classesIn(list: ts.SourceFile): string[] {
  const arrays = list.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .flatMap(({ initializer }) =>
      initializer && ts.isArrayLiteralExpression(initializer) ? initializer : [],
    );
  return arrays.flatMap(({ elements }) => elements.map((element) => element.getText()));
}

function described(file: string, name: string): ListedFault {
  const found = parsed(file).statements.find((one) => ts.isClassDeclaration(one) && one.name?.text === name);
  if (!found || !ts.isClassDeclaration(found)) throw new Error(`there is no class ${name} in ${file}`);
  const text = (wanted: string) => {
    const member = found.members.find(
      (one) => ts.isPropertyDeclaration(one) && one.name.getText() === wanted,
    );
    const value = member && ts.isPropertyDeclaration(member) ? member.initializer : undefined;
    if (!value || !ts.isStringLiteralLike(value)) throw new Error(`${name} has no ${wanted} that is a text`);
    return value.text;
  };
  return { name: text('name'), summary: text('summary') };
}

if (require.main === module) process.stdout.write(`${faultTable()}\n`);

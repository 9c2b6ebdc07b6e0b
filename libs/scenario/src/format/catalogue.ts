import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PRODUCT_ROOT } from '@app/configuration';
import { readScenario } from './read-scenario';
import type { Scenario } from './scenario';

const FOLDER = join(PRODUCT_ROOT, 'scenarios');

/** The scenarios that come with the product, by name. @throws BadScenario */
export function allScenarios(): Scenario[] {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  return files.map((file) => scenarioOfFile(join(FOLDER, file), `scenarios/${file}`));
}

/** @param shown the path as it was typed. @throws BadScenario, or the error of the file system */
export function scenarioOfFile(path: string, shown = path): Scenario {
  return readScenario(
    basename(path).replace(/\.ya?ml$/, ''),
    shown,
    readFileSync(path, 'utf8'),
    scenarioSchema(),
  );
}

export function scenarioSchema(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(FOLDER, 'scenario.schema.json'), 'utf8')) as Record<string, unknown>;
}

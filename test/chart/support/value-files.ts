import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CHART } from './places.ts';

/** A values file that every check is made with. */
export interface ValueFile {
  readonly name: string;
  readonly arguments: readonly string[];
}

const ci = readdirSync(join(CHART, 'ci')).map((file) => join(CHART, 'ci', file));

/** The files of helm/ci, and the documented ones. */
export const VALUE_FILES: readonly ValueFile[] = [...ci, join(CHART, 'values-nodeports.yaml')].map(
  (path) => ({
    name: basename(path, '.yaml').replace(/-values$/, ''),
    arguments: ['--values', path],
  }),
);

/** Objects that a values file expects somebody else to have made. */
export const GIVEN_SECRETS = [
  'demo-external',
  'coralogix-key',
  'otlp-headers',
  'demo-chaos-token',
  'registry',
];

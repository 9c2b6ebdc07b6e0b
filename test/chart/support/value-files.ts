import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CHART } from './places.ts';

/** A values file with which every check is made. */
export interface ValueFile {
  readonly name: string;
  readonly arguments: readonly string[];
}

const inFolder = (folder: string) =>
  readdirSync(join(CHART, folder)).map((file) => join(CHART, folder, file));

/** The files of helm/ci, and the documented ones. */
export const VALUE_FILES: readonly ValueFile[] = [
  ...inFolder('ci'),
  ...inFolder('databases'),
  join(CHART, 'values-nodeports.yaml'),
].map((path) => ({
  name: basename(path, '.yaml').replace(/-values$/, ''),
  arguments: ['--values', path],
}));

/** Objects that a values file expects others to have made. */
export const GIVEN_SECRETS = [
  'demo-external',
  'coralogix-key',
  'otlp-headers',
  'demo-chaos-token',
  'registry',
  'pg-superuser',
  'pg-ca',
  'demo-managed',
  'managed-ca',
  'demo-prepared',
];

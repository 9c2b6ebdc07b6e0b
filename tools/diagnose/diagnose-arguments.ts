import { serviceOf } from '@app/configuration';
import { SERVICES } from '@app/service-client';
import { UsageError, type Values } from '../command-line';
import { CONSOLE_URL, readTargets, readUrl, SERVICE_OPTIONS } from '../service-options';

export interface DiagnoseArguments {
  /** Address of the console. */
  console: string;
  /** Address of the database, if it is to be observed without a console. */
  database?: string;
  /** Role of the services. */
  role: string;
  /** Address of each service, by its name. */
  services: Record<string, string>;
  watch: boolean;
  json: boolean;
}

export const DIAGNOSE_OPTIONS = {
  url: { type: 'string', default: CONSOLE_URL },
  db: { type: 'string' },
  role: { type: 'string', default: 'dbadmin' },
  ...SERVICE_OPTIONS,
  watch: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** @throws UsageError */
export function readDiagnoseArguments(values: Values<typeof DIAGNOSE_OPTIONS>): DiagnoseArguments {
  const { db: database, role, watch, json } = values;
  if (database !== undefined && !/^postgres(ql)?:$/.test(URL.parse(database)?.protocol ?? ''))
    throw new UsageError(
      '--db must be a URL such as postgres://dbcontrol:PASSWORD@localhost:5432/productcatalog',
    );
  const targets = readTargets(values);
  return {
    console: readUrl('url', values.url),
    database,
    role,
    services: Object.fromEntries(SERVICES.map((key) => [serviceOf(key).name, targets[key]])),
    watch,
    json,
  };
}

import { CONSOLE, forEachService, portVariable, type ServiceKey } from '@app/configuration';
import type { Targets } from '@app/service-client';
import { UsageError } from './command-line';

const NAME_WIDTH = 20;

/** The default address of a service or the console: the ports are those of `npm start`. */
function defaultUrl(key: ServiceKey | 'console', port: number): string {
  return `http://localhost:${process.env[portVariable(key)] || port}`;
}

const URLS = forEachService(({ key, port }) => defaultUrl(key, port));

export const CONSOLE_URL = defaultUrl('console', CONSOLE.port);

/** An option with the address of each service. */
export const SERVICE_OPTIONS = forEachService(({ key }) => ({ type: 'string' as const, default: URLS[key] }));

/** The lines of the help about them. */
export const SERVICE_OPTIONS_HELP = Object.entries(URLS)
  .map(([key, url]) => `  --${`${key} URL`.padEnd(NAME_WIDTH - 4)}${url}`)
  .join('\n');

/** @throws UsageError */
export function readTargets(values: Record<ServiceKey, string>): Targets {
  return forEachService(({ key }) => readUrl(key, values[key]));
}

/** @throws UsageError */
export function readUrl(name: string, value: string): string {
  const protocol = URL.parse(value)?.protocol;
  if (protocol === 'http:' || protocol === 'https:') return value;
  throw new UsageError(
    `--${name} is ${JSON.stringify(value)}, it must be a URL such as ${Object.values(URLS)[0]}`,
  );
}

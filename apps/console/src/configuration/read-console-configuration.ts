import { ConfigurationError } from '@app/configuration';
import { validateSync } from 'class-validator';
import { ConsoleConfiguration } from './console-configuration';

// Declared without a value, so that an instance does not show them.
const OPTIONAL = ['CONSOLE_FORWARD_ENDPOINT', 'CONSOLE_FORWARD_HEADERS', 'CHAOS_TOKEN'] as const;

/**
 * Reads the environment into a checked ConsoleConfiguration. An empty variable counts as not set.
 *
 * @throws ConfigurationError naming every bad variable at once
 */
export function readConsoleConfiguration(environment: NodeJS.ProcessEnv = process.env): ConsoleConfiguration {
  const configuration = new ConsoleConfiguration();
  const variables = [...Object.keys(configuration), ...OPTIONAL] as (keyof ConsoleConfiguration)[];
  for (const variable of variables) {
    const text = environment[variable];
    if (text) Object.assign(configuration, { [variable]: parsed(text, typeof configuration[variable]) });
  }
  const errors = validateSync(configuration);
  if (errors.length === 0) return configuration;
  const lines = errors.map((error) => `  ${Object.values(error.constraints ?? {}).join(', ')}`);
  throw new ConfigurationError(`These environment variables are not usable:\n${lines.join('\n')}`);
}

/** Text that is no number stays text, and the check names it. */
function parsed(text: string, type: string): unknown {
  return type === 'number' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

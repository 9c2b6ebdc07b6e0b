import { getMetadataStorage, type ValidationError, validateSync } from 'class-validator';
import { Configuration } from './configuration';

/** What one service sets for itself; each can still be changed from outside. */
export type ServiceDefaults = Pick<Configuration, 'SERVICE_NAME' | 'PORT'>;

/** Thrown with one line for each bad variable. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Reads the environment into a checked Configuration. An empty variable counts as not set.
 * @throws ConfigurationError naming every bad variable at once
 */
export function readConfiguration(
  defaults: ServiceDefaults,
  environment: NodeJS.ProcessEnv = process.env,
): Configuration {
  const configuration = Object.assign(new Configuration(), defaults);
  for (const variable of variables()) {
    const text = environment[variable];
    if (text) Object.assign(configuration, { [variable]: parsed(text, typeof configuration[variable]) });
  }
  const errors = validateSync(configuration);
  if (errors.length > 0) throw new ConfigurationError(explain(errors));
  return configuration;
}

/** Names of all variables, from the decorators themselves. */
function variables(): Set<keyof Configuration> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(Configuration, '', true, false);
  return new Set(rules.map((rule) => rule.propertyName as keyof Configuration));
}

/** Text as the type of the default wants it; text that does not fit stays text, and the check names it. */
function parsed(text: string, type: string): unknown {
  if (type === 'number' && /^-?\d+$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

function explain(errors: ValidationError[]): string {
  const lines = errors.map((error) => `  ${Object.values(error.constraints ?? {}).join(', ')}`);
  return `These environment variables are not usable:\n${lines.join('\n')}`;
}

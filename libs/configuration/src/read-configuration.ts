import { getMetadataStorage, type ValidationError, validateSync } from 'class-validator';

/** A class with a default that follows from other variables. */
interface Derived {
  /** Called before the check. */
  derive(isSet: (variable: string) => boolean): void;
}

/** Thrown with one line for each bad variable. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Reads the environment into a checked object of the class, whose properties are named as the variables. An empty
 * variable counts as not set.
 *
 * @param defaults what this process sets for itself; the environment can still change each
 * @throws ConfigurationError naming every bad variable at once
 */
export function readConfiguration<Of extends object>(
  of: new () => Of,
  defaults: Partial<Of> = {},
  environment: NodeJS.ProcessEnv = process.env,
): Of {
  const configuration: Of & Partial<Derived> = Object.assign(new of(), defaults);
  for (const variable of variables(of)) {
    const text = environment[variable];
    const usual = configuration[variable as keyof Of];
    if (text) Object.assign(configuration, { [variable]: parsed(text, typeof usual) });
  }
  configuration.derive?.((variable) => Boolean(environment[variable]));
  const errors = validateSync(configuration, { stopAtFirstError: true });
  if (errors.length > 0) throw new ConfigurationError(explain(errors));
  return configuration;
}

/** Names of all variables, from the decorators themselves. */
function variables(of: new () => object): Set<string> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(of, '', true, false);
  return new Set(rules.map((rule) => rule.propertyName));
}

/** Text converted to the type of the default; text that does not fit stays text, and the check names it. */
function parsed(text: string, type: string): unknown {
  if (type === 'number' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

function explain(errors: ValidationError[]): string {
  const lines = errors.map((error) => `  ${Object.values(error.constraints ?? {}).join(', ')}`);
  return `These environment variables are not usable:\n${lines.join('\n')}`;
}

import { VARIABLES } from './known-variables';

/** Variables that begin like OpenTelemetry's, but belong to others, or are set by the SDK for a test. */
const NOT_CONFIGURATION = ['OTEL_NODE_EXPERIMENTAL_SDK_METRICS'];

/** A sentence for each `OTEL_*` variable that will not do what it says. An empty one counts as not set. */
export function otelProblems(environment: NodeJS.ProcessEnv = process.env): string[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    if (!name.startsWith('OTEL_') || !value || NOT_CONFIGURATION.includes(name)) return [];
    const variable = VARIABLES.find((known) => known.name === name);
    if (!variable) return [`${name} is not one of the variables that are read here.`];
    const problem = variable.check(value, environment, name);
    return problem ? [`${name}${shown(name, value)} ${problem}.`] : [];
  });
}

/** Headers can be secrets, so they stay out of logs. */
function shown(name: string, value: string): string {
  return name.endsWith('_HEADERS') ? '' : `=${value}`;
}

/** Each variable and what it does here, for docs/telemetry.md. */
export function otelVariableTable(): string {
  const rows = new Map<string, string[]>();
  for (const { name, effect } of VARIABLES) rows.set(effect, [...(rows.get(effect) ?? []), `\`${name}\``]);
  const lines = [...rows].map(([effect, names]) => `| ${names.join(' ')} | ${effect} |`);
  return ['| variable | here |', '|---|---|', ...lines].join('\n');
}

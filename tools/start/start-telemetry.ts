import { otelProblems } from '@app/telemetry';

/** Attributes of a resource that distinguish its telemetry from that of others. */
const OF_ONE_SERVICE = /^\s*service\.(name|instance\.id)\s*=/;
/** Variables that concern a single service, and former variables of the console. */
const LEFT_OUT: Record<string, string> = {
  OTEL_SERVICE_NAME: 'is left out: it would make the services look like one.',
  CONSOLE_FORWARD_ENDPOINT: 'has no effect any more: set OTEL_EXPORTER_OTLP_ENDPOINT.',
  CONSOLE_FORWARD_HEADERS: 'has no effect any more: set OTEL_EXPORTER_OTLP_HEADERS.',
};

/**
 * The destinations of the services: those of OpenTelemetry's variables, as if each service were started alone, and the
 * console, which shows it.
 */
export function serviceTelemetry(otlpPort: number, environment = process.env): NodeJS.ProcessEnv {
  return {
    ...ownResource(environment),
    CONSOLE_OTLP_ENDPOINT: `http://127.0.0.1:${otlpPort}`,
    // The charts move twice a second.
    OTEL_BSP_SCHEDULE_DELAY: environment.OTEL_BSP_SCHEDULE_DELAY || '500',
  };
}

/** The variables for the console, whose load has spans of its own. */
export function consoleTelemetry(environment = process.env): NodeJS.ProcessEnv {
  return ownResource(environment);
}

/** A sentence for each variable of telemetry that will not do what it says. */
export function telemetryProblems(environment = process.env): string[] {
  const leftOut = Object.entries(LEFT_OUT).filter(([name]) => environment[name]);
  const { OTEL_RESOURCE_ATTRIBUTES: attributes } = ownResource(environment);
  const shortened = attributes !== undefined && attributes !== environment.OTEL_RESOURCE_ATTRIBUTES;
  const disabled = environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true';
  return [
    ...otelProblems(environment),
    ...leftOut.map(([name, problem]) => `${name} ${problem}`),
    ...(shortened
      ? [
          `service.name and service.instance.id of OTEL_RESOURCE_ATTRIBUTES are left out: they would make the services look like one.`,
        ]
      : []),
    ...(disabled ? ['OTEL_SDK_DISABLED=true: the console shows no query.'] : []),
  ];
}

function ownResource({ OTEL_RESOURCE_ATTRIBUTES: attributes }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (!attributes) return {};
  const shared = attributes.split(',').filter((pair) => !OF_ONE_SERVICE.test(pair));
  return { OTEL_RESOURCE_ATTRIBUTES: shared.join(',') };
}

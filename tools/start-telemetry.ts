/** Variables that name one signal's own endpoint, or a protocol that the console does not speak. */
const OWN_WAY = [
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
];

/**
 * Where the services send: to the console, which shows it and sends the same bytes on to the endpoint that
 * OTEL_EXPORTER_OTLP_ENDPOINT names. Whoever sets endpoints signal by signal, or gRPC, is left alone.
 */
export function serviceTelemetry(otlpPort: number, environment = process.env): NodeJS.ProcessEnv {
  if (leftAlone(environment)) return {};
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${otlpPort}`,
    OTEL_EXPORTER_OTLP_HEADERS: '',
    // The charts move twice a second.
    OTEL_BSP_SCHEDULE_DELAY: environment.OTEL_BSP_SCHEDULE_DELAY ?? '500',
  };
}

/** What the console sends on, and with which headers. */
export function consoleTelemetry(environment = process.env): NodeJS.ProcessEnv {
  if (leftAlone(environment) || !environment.OTEL_EXPORTER_OTLP_ENDPOINT) return {};
  return {
    CONSOLE_FORWARD_ENDPOINT: environment.OTEL_EXPORTER_OTLP_ENDPOINT,
    CONSOLE_FORWARD_HEADERS: environment.OTEL_EXPORTER_OTLP_HEADERS,
  };
}

function leftAlone(environment: NodeJS.ProcessEnv): boolean {
  const grpc = environment.OTEL_EXPORTER_OTLP_PROTOCOL === 'grpc';
  return grpc || OWN_WAY.some((variable) => environment[variable]);
}

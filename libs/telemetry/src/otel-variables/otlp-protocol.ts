export const SIGNALS = ['traces', 'metrics', 'logs'] as const;
export type Signal = (typeof SIGNALS)[number];

export const PROTOCOLS = ['grpc', 'http/protobuf', 'http/json'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** How a signal is to be sent by OTLP; undefined if the `OTEL_*` variables name no endpoint for it. */
export function protocolOf(
  signal: Signal,
  environment: NodeJS.ProcessEnv = process.env,
): Protocol | undefined {
  const name = signal.toUpperCase();
  const exporters = listOf(environment[`OTEL_${name}_EXPORTER`]);
  const asked = exporters.includes('otlp');
  if (exporters.includes('none') || (exporters.length > 0 && !asked)) return undefined;
  const endpoint =
    environment[`OTEL_EXPORTER_OTLP_${name}_ENDPOINT`] || environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint && !asked) return undefined;
  const protocol = protocolIn(signal, environment);
  return endpoint && !canBeEndpoint(endpoint, protocol) ? undefined : protocol;
}

/** The values of a variable that accepts several. */
export function listOf(value = ''): string[] {
  return value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

export function protocolIn(signal: Signal, environment: NodeJS.ProcessEnv): Protocol {
  const wanted =
    environment[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_PROTOCOL`] ||
    environment.OTEL_EXPORTER_OTLP_PROTOCOL;
  return PROTOCOLS.find((known) => known === wanted?.trim()) ?? 'http/protobuf';
}

/** Over HTTP an endpoint has a scheme; gRPC also accepts `host:port`. */
export function canBeEndpoint(endpoint: string, protocol: Protocol): boolean {
  if (protocol === 'grpc' && /^[^/\s:]+(:\d+)?$/.test(endpoint.trim())) return true;
  const url = URL.parse(endpoint);
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '';
}

import { NodeSDK } from '@opentelemetry/sdk-node';

/** A started telemetry. */
export interface Telemetry {
  /** Sends what is buffered; takes at most 2 s and never fails, whatever the backend does. */
  shutdown(): Promise<void>;
}

const SHUTDOWN_LIMIT_MS = 2_000;

/**
 * Starts the OpenTelemetry SDK, configured by the standard `OTEL_*` variables. Without an exporter among them
 * no span is made at all. Call it before anything asks the API for an instrument.
 */
export function startTelemetry(serviceName: string): Telemetry {
  const exporting = exporterConfigured(process.env);
  const sdk = new NodeSDK({
    serviceName: process.env.OTEL_SERVICE_NAME ?? serviceName,
    // An empty list keeps the SDK from its default, an exporter to localhost that would fail all day.
    ...(exporting ? {} : { spanProcessors: [] }),
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  return { shutdown: () => within(SHUTDOWN_LIMIT_MS, sdk.shutdown()) };
}

/** Whether the environment names a place for spans to go. */
function exporterConfigured(environment: NodeJS.ProcessEnv): boolean {
  if (environment.OTEL_TRACES_EXPORTER) return environment.OTEL_TRACES_EXPORTER !== 'none';
  return Boolean(environment.OTEL_EXPORTER_OTLP_ENDPOINT || environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}

// A dead backend makes the SDK's own shutdown take 7-10 s and reject.
async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const limit = Promise.withResolvers<void>();
  const timer = setTimeout(limit.resolve, limitMs);
  await Promise.race([work.catch(() => undefined), limit.promise]);
  clearTimeout(timer);
}

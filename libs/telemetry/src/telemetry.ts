import { metrics, trace } from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { DirectHistograms } from './direct-metrics/direct-histograms';
import { DirectMeterProvider } from './direct-metrics/direct-meter-provider';
import { directHistogramsAreEnough } from './direct-metrics/is-enough';
import { DirectTracerProvider } from './direct-spans/direct-tracer';
import { directSpansAreEnough } from './direct-spans/is-enough';
import { SpanSender } from './direct-spans/span-sender';
import { ExportCounter, type ExportCounts } from './export-counts';
import { recordSpans } from './in-span';
import { otlpExporter, otlpProtocol } from './otlp-exporters';
import { ScrapeReader } from './scrape-reader';

/** Who sends: the resource of all telemetry of this process. `OTEL_RESOURCE_ATTRIBUTES` can add and replace. */
export interface Source {
  name: string;
  version: string;
  /** This process among the replicas of the service. */
  instance: string;
}

const SHUTDOWN_LIMIT_MS = 2_000;
const DEFAULT_NAMESPACE = 'database-load-demo';

/**
 * The OpenTelemetry SDK of this process, configured by the standard `OTEL_*` variables. Without an OTLP endpoint
 * among them no span is made and nothing is sent; metrics can be scraped all the same. `OTEL_SDK_DISABLED` turns all
 * of it off. Construct it before anything asks the API for an instrument: the metrics API hands out no late ones.
 */
export class Telemetry {
  private readonly spans = new ExportCounter();
  private readonly logs = new ExportCounter();
  private readonly histograms = new DirectHistograms();
  private readonly scrapeReader: ScrapeReader = new ScrapeReader([
    this.histograms.producer(() => this.scrapeReader),
  ]);
  private readonly sdk: NodeSDK;
  /** Takes the place of the SDK's span processor, where it can do all that is asked. */
  private readonly sender?: SpanSender;
  readonly disabled = process.env.OTEL_SDK_DISABLED?.toLowerCase() === 'true';

  /** @param encoding `direct` where that is enough, or `sdk` in any case */
  constructor(source: Source, encoding: 'direct' | 'sdk') {
    const resource = describe(source);
    if (!this.disabled && encoding === 'direct' && directSpansAreEnough())
      this.sender = new SpanSender(resource, batching('OTEL_BSP'));
    this.sdk = new NodeSDK({
      resource,
      autoDetectResources: false,
      spanProcessors: this.spanProcessors(),
      metricReaders: [this.scrapeReader, ...this.pushReaders()],
      logRecordProcessors: this.logProcessors(),
    });
    this.sdk.start();
    if (!this.disabled && encoding === 'direct' && directHistogramsAreEnough()) {
      const meters = new DirectMeterProvider(metrics.getMeterProvider(), this.histograms);
      metrics.disable();
      metrics.setGlobalMeterProvider(meters);
    }
    if (!this.disabled && otlpProtocol('traces')) recordSpans();
    const { sender } = this;
    if (sender) trace.setGlobalTracerProvider(new DirectTracerProvider((...scope) => sender.scope(...scope)));
  }

  /** What became of spans and log records; undefined when nothing is exported. */
  get exported(): { spans: ExportCounts; logs: ExportCounts } {
    return { spans: { ...(this.sender ?? this.spans).counts }, logs: { ...this.logs.counts } };
  }

  /** All metrics for Prometheus. */
  scrape(): Promise<string> {
    return this.scrapeReader.scrape();
  }

  /** Sends what is buffered; takes at most 2 s and never fails, whatever the backend does. */
  async shutdown(): Promise<void> {
    const limit = Promise.withResolvers<void>();
    const timer = setTimeout(limit.resolve, SHUTDOWN_LIMIT_MS);
    // A dead backend makes the SDK's own shutdown take 7-10 s and reject.
    const sent = Promise.all([this.sdk.shutdown(), this.sender?.shutdown()]).catch(() => undefined);
    await Promise.race([sent, limit.promise]);
    clearTimeout(timer);
  }

  private spanProcessors(): SpanProcessor[] {
    const exporter = this.sender ? undefined : otlpExporter('traces');
    if (!exporter) return [];
    return [new BatchSpanProcessor({ exporter, selfObsMeterProvider: this.spans, ...batching('OTEL_BSP') })];
  }

  private pushReaders(): PeriodicExportingMetricReader[] {
    const exporter = otlpExporter('metrics');
    if (!exporter) return [];
    const exportIntervalMillis = wholeNumber('OTEL_METRIC_EXPORT_INTERVAL') ?? 60_000;
    const exportTimeoutMillis = wholeNumber('OTEL_METRIC_EXPORT_TIMEOUT') ?? 30_000;
    const reader: PeriodicExportingMetricReader = new PeriodicExportingMetricReader({
      exporter,
      exportIntervalMillis,
      exportTimeoutMillis: Math.min(exportTimeoutMillis, exportIntervalMillis),
      metricProducers: [this.histograms.producer(() => reader)],
    });
    return [reader];
  }

  private logProcessors(): BatchLogRecordProcessor[] {
    const exporter = otlpExporter('logs');
    if (!exporter) return [];
    return [
      new BatchLogRecordProcessor({ exporter, selfObsMeterProvider: this.logs, ...batching('OTEL_BLRP') }),
    ];
  }
}

/** The resource of all signals. */
function describe({ name, version, instance }: Source): Resource {
  const own = resourceFromAttributes({
    'service.version': version,
    'service.namespace': DEFAULT_NAMESPACE,
    'service.instance.id': instance,
    'deployment.environment.name': 'demo',
  });
  // The process detector would send the command line; what runs here is known by its service.
  const detected = detectResources({ detectors: [hostDetector, envDetector] });
  const service = resourceFromAttributes({ 'service.name': process.env.OTEL_SERVICE_NAME || name });
  return defaultResource().merge(own).merge(detected).merge(service);
}

/** A processor made by hand does not read the variables of its own settings. */
function batching(prefix: 'OTEL_BSP' | 'OTEL_BLRP') {
  return {
    maxQueueSize: wholeNumber(`${prefix}_MAX_QUEUE_SIZE`),
    maxExportBatchSize: wholeNumber(`${prefix}_MAX_EXPORT_BATCH_SIZE`),
    scheduledDelayMillis: wholeNumber(`${prefix}_SCHEDULE_DELAY`) ?? 1_000,
    exportTimeoutMillis: wholeNumber(`${prefix}_EXPORT_TIMEOUT`),
  };
}

function wholeNumber(variable: string): number | undefined {
  const text = process.env[variable];
  return text && /^\d+$/.test(text) ? Number(text) : undefined;
}

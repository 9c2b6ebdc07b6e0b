import {
  DirectHistograms,
  DirectMeterProvider,
  DirectTracerProvider,
  droppedByProcessor,
  type ExportCounts,
  type Report,
  SpanQueue,
  SpanSender,
} from '@app/direct-otel';
import { metrics, trace } from '@opentelemetry/api';
import { OTLPMetricExporterBase } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { AggregationType, InstrumentType, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { directHistogramsAreEnough } from './direct-encoding/metrics-support-environment';
import { directSpansAreEnough } from './direct-encoding/spans-support-environment';
import { recordSpans } from './in-span';
import { type Destination, Destinations } from './otlp-exporters';
import { SCOPE } from './scope';
import { type ScrapeFormat, ScrapeReader } from './scrape-reader';

/** The sender: the resource of all telemetry of this process, to which `OTEL_RESOURCE_ATTRIBUTES` adds. */
export interface Source {
  name: string;
  version: string;
  /** Identifies this process among the replicas of the service. */
  instance: string;
}

/** How telemetry is made, and who receives it besides the backends that the `OTEL_*` variables name. */
export interface TelemetryOptions {
  /** `direct` if that is enough, or `sdk` in any case. */
  encoding: 'direct' | 'sdk';
  /** Base address of a console that also receives everything. */
  consoleEndpoint?: string;
  /** Called when a backend stops accepting what it is sent, and when it accepts it again. */
  report: Report;
}

const SHUTDOWN_LIMIT_MS = 2_000;

/**
 * The OpenTelemetry SDK of this process, configured by the standard `OTEL_*` variables. Without an OTLP endpoint among
 * them, no span is made and nothing is sent, but metrics can still be scraped. `OTEL_SDK_DISABLED` turns all of it off.
 * Construct it before anything requests an instrument from the API, which does not replace instruments that were made
 * earlier.
 */
export class Telemetry {
  private readonly destinations: Destinations;
  private readonly histograms = new DirectHistograms();
  private readonly scrapeReader: ScrapeReader = new ScrapeReader([
    this.histograms.producer(() => this.scrapeReader),
  ]);
  private readonly sdk: NodeSDK;
  /** Replaces the SDK's span processor if it can do all that is asked. */
  private readonly sender?: SpanSender;
  readonly disabled = process.env.OTEL_SDK_DISABLED?.toLowerCase() === 'true';

  constructor(source: Source, { encoding, consoleEndpoint, report }: TelemetryOptions) {
    this.destinations = new Destinations(report, this.disabled ? undefined : consoleEndpoint);
    const spansTo = this.disabled ? [] : this.destinations.of('traces');
    const direct = encoding === 'direct' && directSpansAreEnough(spansTo);
    const resource = describe(source, direct);
    if (direct) this.sender = spanSender(resource, spansTo);
    this.sdk = new NodeSDK({
      resource,
      autoDetectResources: false,
      spanProcessors: direct ? [] : spansTo.map(spanProcessor),
      metricReaders: [this.scrapeReader, ...this.pushReaders()],
      logRecordProcessors: this.logProcessors(),
    });
    this.sdk.start();
    if (!this.disabled && encoding === 'direct' && directHistogramsAreEnough()) {
      const meters = new DirectMeterProvider(metrics.getMeterProvider(), this.histograms);
      metrics.disable();
      metrics.setGlobalMeterProvider(meters);
    }
    if (spansTo.length > 0) recordSpans();
    const { sender } = this;
    if (sender) trace.setGlobalTracerProvider(new DirectTracerProvider((...scope) => sender.scope(...scope)));
  }

  /** What happened to spans, data points and log records. */
  get exported(): Record<'spans' | 'metrics' | 'logs', ExportCounts> {
    return this.destinations.counts;
  }

  /** All metrics for Prometheus. */
  scrape(format: ScrapeFormat): Promise<string> {
    return this.scrapeReader.scrape(format);
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

  private pushReaders(): PeriodicExportingMetricReader[] {
    const exportIntervalMillis = wholeNumber('OTEL_METRIC_EXPORT_INTERVAL') ?? 60_000;
    const exportTimeoutMillis = wholeNumber('OTEL_METRIC_EXPORT_TIMEOUT') ?? 30_000;
    const aggregationPreference = (instrument: InstrumentType) =>
      ({ type: aggregationOf(instrument) }) as const;
    return this.destinations.of('metrics').map(({ delegate }) => {
      const reader: PeriodicExportingMetricReader = new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporterBase(delegate(), { aggregationPreference }),
        exportIntervalMillis,
        exportTimeoutMillis: Math.min(exportTimeoutMillis, exportIntervalMillis),
        metricProducers: [this.histograms.producer(() => reader)],
      });
      return reader;
    });
  }

  private logProcessors(): BatchLogRecordProcessor[] {
    return this.destinations.of('logs').map(({ delegate, delivery }) => {
      const exporter = new OTLPExporterBase(delegate());
      const selfObsMeterProvider = droppedByProcessor(delivery);
      return new BatchLogRecordProcessor({ exporter, selfObsMeterProvider, ...batching('OTEL_BLRP') });
    });
  }
}

function spanProcessor({ delegate, delivery }: Destination<'traces'>): SpanProcessor {
  const exporter = new OTLPExporterBase(delegate());
  return new BatchSpanProcessor({
    exporter,
    selfObsMeterProvider: droppedByProcessor(delivery),
    ...batching('OTEL_BSP'),
  });
}

function spanSender(resource: Resource, destinations: Destination<'traces'>[]): SpanSender {
  const { maxQueueSize, maxExportBatchSize, scheduledDelayMillis, exportTimeoutMillis } =
    batching('OTEL_BSP');
  const queues = destinations.flatMap(({ http, delivery }) => {
    if (!http) return [];
    const timeoutMillis = Math.min(http.timeoutMillis, exportTimeoutMillis);
    return new SpanQueue({ ...http, timeoutMillis }, delivery, maxQueueSize);
  });
  return new SpanSender(resource, { maxExportBatchSize, scheduledDelayMillis }, queues);
}

/** Applies to histograms that are pushed; those for Prometheus keep their buckets. */
function aggregationOf(
  instrument: InstrumentType,
): AggregationType.DEFAULT | AggregationType.EXPONENTIAL_HISTOGRAM {
  const exponential = instrument === InstrumentType.HISTOGRAM && !directHistogramsAreEnough();
  return exponential ? AggregationType.EXPONENTIAL_HISTOGRAM : AggregationType.DEFAULT;
}

/** The resource of all signals. @param direct spans are not made by the SDK that `telemetry.sdk.name` names */
function describe({ name, version, instance }: Source, direct: boolean): Resource {
  const own = resourceFromAttributes({
    'service.name': name,
    'service.version': version,
    'service.namespace': SCOPE,
    'service.instance.id': instance,
    'deployment.environment.name': 'demo',
    ...(direct && { 'telemetry.distro.name': SCOPE, 'telemetry.distro.version': version }),
  });
  // The process detector would send the command line; the service's name says enough.
  const detected = detectResources({ detectors: [hostDetector, envDetector] });
  return defaultResource().merge(own).merge(detected);
}

/** A processor that is made by hand does not read the variables of its own settings. */
function batching(prefix: 'OTEL_BSP' | 'OTEL_BLRP') {
  const maxQueueSize = wholeNumber(`${prefix}_MAX_QUEUE_SIZE`) ?? 2_048;
  return {
    maxQueueSize,
    maxExportBatchSize: Math.min(wholeNumber(`${prefix}_MAX_EXPORT_BATCH_SIZE`) ?? 512, maxQueueSize),
    scheduledDelayMillis: wholeNumber(`${prefix}_SCHEDULE_DELAY`) ?? 1_000,
    exportTimeoutMillis: wholeNumber(`${prefix}_EXPORT_TIMEOUT`) ?? 30_000,
  };
}

function wholeNumber(variable: string): number | undefined {
  const number = Number(process.env[variable] || undefined);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

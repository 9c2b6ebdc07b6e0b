import { VERSION } from '@app/configuration';
import { droppedByProcessor, type ExportCounts, type Report } from '@app/direct-otel';
import { type SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace';

import { Destinations, isSameHost } from './otlp-exporters';
import { SCHEMA_URL, SCOPE } from './scope';

/** A span that was measured without a tracer. */
export interface MeasuredSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: SpanKind;
  /** Unix milliseconds with their fraction. */
  startMs: number;
  endMs: number;
  failed: boolean;
  attributes: Record<string, string | number>;
}

/** Sends measured spans to the backends that the `OTEL_*` variables name, if they name any. */
export class MeasuredSpanExport {
  private readonly destinations: Destinations;
  private readonly processors: BatchSpanProcessor[];

  /**
   * @param service `service.name` of the program that measured
   * @param except host and port that already have the spans
   */
  constructor(
    private readonly service: string,
    report: Report,
    except = '',
  ) {
    this.destinations = new Destinations(report);
    const to = process.env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' ? [] : this.destinations.of('traces');
    const elsewhere = to.filter(({ delivery }) => !isSameHost(delivery.host, except));
    this.processors = elsewhere.map(({ delegate, delivery }) => {
      const exporter = new OTLPExporterBase(delegate());
      return new BatchSpanProcessor({ exporter, selfObsMeterProvider: droppedByProcessor(delivery) });
    });
  }

  get counts(): ExportCounts {
    return this.destinations.counts.spans;
  }

  add(spans: readonly MeasuredSpan[]): void {
    if (this.processors.length === 0) return;
    // The service name is ours: the variables name the services.
    const resource = detectResources({ detectors: [envDetector] }).merge(
      resourceFromAttributes({ 'service.name': this.service, 'service.namespace': SCOPE }),
    );
    for (const span of spans)
      for (const processor of this.processors) processor.onEnd({ ...readable(span), resource });
  }

  /** Sends what was not sent yet. Never fails. */
  async shutdown(): Promise<void> {
    await Promise.allSettled(this.processors.map((processor) => processor.shutdown()));
  }
}

function readable(span: MeasuredSpan): Omit<ReadableSpan, 'resource'> {
  const { traceId, spanId, parentSpanId, name, kind, startMs, endMs, failed, attributes } = span;
  const context = { traceId, spanId, traceFlags: 1 };
  return {
    name,
    kind,
    spanContext: () => context,
    parentSpanContext: parentSpanId ? { ...context, spanId: parentSpanId } : undefined,
    startTime: hrTime(startMs),
    endTime: hrTime(endMs),
    duration: hrTime(endMs - startMs),
    status: { code: failed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes,
    links: [],
    events: [],
    ended: true,
    instrumentationScope: { name: SCOPE, version: VERSION, schemaUrl: SCHEMA_URL },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Seconds and nanoseconds, with the clock's resolution of microseconds. */
function hrTime(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1_000) * 1_000];
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogs } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetrics } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraces } from '@opentelemetry/exporter-trace-otlp-proto';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { decodeLogs } from './decode-logs';
import { decodeMetrics } from './decode-metrics';
import { type DecodedSpan, decodeTraces } from './decode-traces';
import { InvalidPayload } from './invalid-payload';
import type { OtlpContentType } from './payload';

const JSON_TYPE = 'application/json';
const PROTOBUF = 'application/x-protobuf';

/** Receives what OpenTelemetry's own exporters send, unchanged. */
class Wire {
  readonly payloads: { contentType: OtlpContentType; body: Buffer }[] = [];
  private readonly server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    this.payloads.push({ contentType: request.headers['content-type'] as OtlpContentType, body });
    response.setHeader('Content-Type', JSON_TYPE).end('{}');
  });

  async listen(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** The body in this encoding, as soon as it has arrived: a flushed exporter may still be sending. */
  async body(contentType: OtlpContentType): Promise<Buffer> {
    for (;;) {
      const found = this.payloads.find((payload) => payload.contentType === contentType);
      if (found) return found.body;
      await setTimeout(5);
    }
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('what the exporters of OpenTelemetry send', () => {
  const wire = new Wire();
  beforeAll(() => wire.listen());
  beforeEach(() => {
    wire.payloads.length = 0;
  });
  afterAll(() => wire.close());

  async function exportedSpans() {
    const memory = new InMemorySpanExporter();
    const provider = new TracerProvider({
      spanProcessors: [memory, new JsonTraces({ url: wire.url }), new ProtobufTraces({ url: wire.url })].map(
        (exporter) => new SimpleSpanProcessor({ exporter }),
      ),
    });
    const tracer = provider.getTracer('a scope');
    const parent = trace.setSpan(
      ROOT_CONTEXT,
      trace.wrapSpanContext({
        traceId: '0af7651916cd43dd8448eb211c80319c',
        spanId: 'b7ad6b7169203331',
        traceFlags: 1,
      }),
    );
    const attributes = {
      'db.system': 'postgresql',
      'db.rows_returned': 7,
      'db.query.duration_ms': 8.25,
      slow: false,
      tables: ['orders', 'products'],
      negative: -3,
      empty: '',
      none: [],
    };
    const started = new Date('2026-05-04T03:02:01.123Z');
    const span = tracer.startSpan(
      'SELECT orders',
      { kind: SpanKind.CLIENT, attributes, startTime: started },
      parent,
    );
    span.addEvent('retried', { attempt: 2 }, started);
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'gave up' });
    span.end(new Date(started.getTime() + 2_903));
    await provider.forceFlush();
    return memory.getFinishedSpans();
  }

  it('is read as the spans that were made', async () => {
    const [made] = await exportedSpans();
    const [span] = decodeTraces(await wire.body(PROTOBUF), PROTOBUF);
    const start = 1_777_863_721_123_000_000n;
    expect(span).toEqual({
      service: made?.resource.attributes['service.name'],
      resource: made?.resource.attributes,
      scope: 'a scope',
      name: 'SELECT orders',
      kind: 'CLIENT',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: made?.spanContext().spanId,
      parentSpanId: 'b7ad6b7169203331',
      startUnixNano: start,
      endUnixNano: start + 2_903_000_000n,
      durationMs: 2_903,
      status: 'ERROR',
      statusMessage: 'gave up',
      attributes: made?.attributes,
      doubles: ['db.query.duration_ms'],
      events: [{ name: 'retried', timeUnixNano: start, attributes: { attempt: 2 } }],
    } satisfies Partial<Record<keyof DecodedSpan, unknown>>);
  });

  it('is the same in JSON and in protobuf: spans', async () => {
    await exportedSpans();
    const spans = decodeTraces(await wire.body(JSON_TYPE), JSON_TYPE);
    expect(spans).toHaveLength(1);
    expect(spans).toEqual(decodeTraces(await wire.body(PROTOBUF), PROTOBUF));
  });

  it('is the same in JSON and in protobuf: logs', async () => {
    const provider = new LoggerProvider({
      processors: [new JsonLogs({ url: wire.url }), new ProtobufLogs({ url: wire.url })].map(
        (exporter) => new SimpleLogRecordProcessor({ exporter }),
      ),
    });
    const attributes = { fault: 'slow-queries', delay_ms: 2_900 };
    const body = { said: 'fault started' };
    provider
      .getLogger('faults')
      .emit({ severityNumber: 9, severityText: 'INFO', body, attributes, eventName: 'fault' });
    await provider.forceFlush();
    const logs = decodeLogs(await wire.body(JSON_TYPE), JSON_TYPE);
    expect(logs).toEqual(decodeLogs(await wire.body(PROTOBUF), PROTOBUF));
    expect(logs).toMatchObject([
      { scope: 'faults', severityNumber: 9, body, attributes, eventName: 'fault' },
    ]);
    expect(Number(logs[0]?.timeUnixNano) / 1e6).toBeGreaterThan(Date.now() - 60_000);
  });

  it('is the same in JSON and in protobuf: metrics', async () => {
    const readers = [new JsonMetrics({ url: wire.url }), new ProtobufMetrics({ url: wire.url })].map(
      (exporter) => new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 }),
    );
    const provider = new MeterProvider({ readers });
    const meter = provider.getMeter('pool');
    meter.createUpDownCounter('used', { unit: '{connection}' }).add(95, { state: 'used' });
    meter.createGauge('utilization').record(0.95);
    const buckets = { advice: { explicitBucketBoundaries: [1, 2.5, 5] }, unit: 's' };
    const histogram = meter.createHistogram('duration', buckets);
    for (const value of [0.5, 2.9, 2.9, 7]) histogram.record(value);
    await provider.shutdown();
    const untimed = (points: ReturnType<typeof decodeMetrics>) =>
      points.map(({ timeUnixNano: _, resource: __, ...point }) => point);
    const metrics = untimed(decodeMetrics(await wire.body(JSON_TYPE), JSON_TYPE));
    expect(metrics).toEqual(untimed(decodeMetrics(await wire.body(PROTOBUF), PROTOBUF)));
    expect(metrics).toMatchObject([
      { name: 'used', unit: '{connection}', type: 'sum', value: 95, attributes: { state: 'used' } },
      { name: 'utilization', type: 'gauge', value: 0.95 },
      { name: 'duration', unit: 's', type: 'histogram', count: 4, bucketCounts: [1, 0, 2, 1] },
    ]);
    expect(metrics[2]).toMatchObject({ explicitBounds: [1, 2.5, 5], sum: 13.3 });
  });
});

describe('JSON as other programs write it', () => {
  const ids = { traceId: '0AF7651916CD43DD8448EB211C80319C', spanId: 'B7AD6B7169203331' };
  const decoded = (span: object, prefix = '') => {
    const text = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...ids, ...span }] }] }] });
    return decodeTraces(Buffer.from(prefix + text), JSON_TYPE);
  };

  it('may have null for what is missing', () => {
    const nothing = { parentSpanId: null, kind: null, startTimeUnixNano: null, status: null, events: null };
    expect(decoded({ ...nothing, attributes: null, name: null })).toEqual(decoded({}));
    const attributes = [
      { key: 'a', value: null },
      { key: 'b', value: { stringValue: null, intValue: '7' } },
    ];
    expect(decoded({ attributes })).toMatchObject([{ attributes: { a: null, b: 7 } }]);
    expect(
      decodeTraces(Buffer.from('{"resourceSpans":[{"resource":null,"scopeSpans":null}]}'), JSON_TYPE),
    ).toEqual([]);
  });

  it('may contain names of enums, and begin with a byte order mark', () => {
    const named = { kind: 'SPAN_KIND_CLIENT', status: { code: 'STATUS_CODE_ERROR' } };
    expect(decoded(named, '\uFEFF')).toMatchObject([{ kind: 'CLIENT', status: 'ERROR' }]);
    const records = [{ severityNumber: 'SEVERITY_NUMBER_WARN2' }, { severityNumber: null }];
    const logs = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] });
    expect(decodeLogs(Buffer.from(logs), JSON_TYPE)).toMatchObject([
      { severityNumber: 14 },
      { severityNumber: 0 },
    ]);
  });

  it('may use the names of the definition', () => {
    const span = {
      trace_id: ids.traceId,
      span_id: ids.spanId,
      start_time_unix_nano: '1',
      end_time_unix_nano: 3,
    };
    const text = JSON.stringify({ resource_spans: [{ scope_spans: [{ spans: [span] }] }] });
    expect(decodeTraces(Buffer.from(text), JSON_TYPE)).toMatchObject([
      { startUnixNano: 1n, endUnixNano: 3n },
    ]);
  });
});

describe('a payload that is not OTLP', () => {
  const spanWith = (fields: object) => {
    const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', ...fields };
    return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
  };
  const deep = (levels: number): object =>
    levels === 0 ? {} : { arrayValue: { values: [deep(levels - 1)] } };

  it.each([
    ['text', Buffer.from('not JSON')],
    ['an array', Buffer.from('[]')],
    ['null', Buffer.from('null')],
    ['a list that is none', Buffer.from('{"resourceSpans": 5}')],
    ['a trace id of the wrong length', spanWith({ traceId: 'abc' })],
    ['no span id', spanWith({ spanId: undefined })],
    ['an id of zeros', spanWith({ spanId: '0000000000000000' })],
    ['a time that is no integer', spanWith({ startTimeUnixNano: 'yesterday' })],
    ['attributes that are no list', spanWith({ attributes: { key: 'value' } })],
    [
      'an attribute of another type than it says',
      spanWith({ attributes: [{ key: 'a', value: { intValue: 'x' } }] }),
    ],
    ['values without end', spanWith({ attributes: [{ key: 'a', value: deep(40) }] })],
  ])('is refused: %s', (_, body) => {
    expect(() => decodeTraces(body, JSON_TYPE)).toThrow(InvalidPayload);
  });

  it('is refused in protobuf', () => {
    for (const bytes of [[0xff, 0xff, 0xff], [0x0a, 0x7f, 0x01], [...Buffer.from('{}')]])
      expect(() => decodeTraces(Buffer.from(bytes), PROTOBUF)).toThrow(InvalidPayload);
  });

  it('is not an empty one, nor one with fields of a later version', () => {
    expect(decodeTraces(Buffer.alloc(0), PROTOBUF)).toEqual([]);
    expect(decodeTraces(Buffer.from('{}'), JSON_TYPE)).toEqual([]);
    expect(decodeTraces(spanWith({ kind: 99, inventedLater: true }), JSON_TYPE)).toMatchObject([
      { kind: 'INTERNAL', service: 'unknown_service', durationMs: 0, status: 'UNSET' },
    ]);
  });
});

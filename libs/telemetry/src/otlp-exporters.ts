import {
  type Delegate,
  Delivery,
  type Encoding,
  type ExportCounts,
  grpcDelegate,
  type HttpOptions,
  httpDelegate,
  type Items,
  type Report,
} from '@app/direct-otel';
import {
  convertLegacyHttpOptions,
  httpAgentFactoryFromOptions,
} from '@opentelemetry/otlp-exporter-base/node-http';
import { convertLegacyOtlpGrpcOptions } from '@opentelemetry/otlp-grpc-exporter-base';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  LogsExporterMetricsHelper,
  MetricsExporterMetricsHelper,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { type Protocol, protocolOf, type Signal } from './otel-variables/otlp-protocol';

/** What an exporter of each signal receives. */
interface Requests {
  traces: ReadableSpan[];
  metrics: ResourceMetrics;
  logs: ReadableLogRecord[];
}

interface SignalWire<Request> {
  items: Items;
  grpc: { name: string; path: string };
  count: Encoding<Request>['count'];
  protobuf: Encoding<Request>['serializer'];
  json: Encoding<Request>['serializer'];
}

const WIRE: { [S in Signal]: SignalWire<Requests[S]> } = {
  traces: {
    items: 'spans',
    grpc: grpcService('Trace'),
    count: TraceExporterMetricsHelper,
    protobuf: ProtobufTraceSerializer,
    json: JsonTraceSerializer,
  },
  metrics: {
    items: 'data points',
    grpc: grpcService('Metrics'),
    count: MetricsExporterMetricsHelper,
    protobuf: ProtobufMetricsSerializer,
    json: JsonMetricsSerializer,
  },
  logs: {
    items: 'log records',
    grpc: grpcService('Logs'),
    count: LogsExporterMetricsHelper,
    protobuf: ProtobufLogsSerializer,
    json: JsonLogsSerializer,
  },
};

/** One backend that receives one signal. */
export interface Destination<S extends Signal> {
  delivery: Delivery;
  protocol: Protocol;
  /** For requests that are already encoded; undefined for gRPC. */
  http?: HttpOptions;
  /** What an exporter of the SDK needs to send there. */
  delegate(): Delegate<Requests[S]>;
}

/** Receivers of this process's telemetry: those that the `OTEL_*` variables name, and a console with its own endpoint. */
export class Destinations {
  private readonly consoleBase?: string;
  private readonly deliveries: { name: Signal; console: boolean; counts: ExportCounts }[] = [];

  /** @param consoleEndpoint base address of a console that also receives everything, whatever the variables say */
  constructor(
    private readonly report: Report,
    consoleEndpoint?: string,
  ) {
    this.consoleBase = consoleEndpoint?.replace(/\/+$/, '');
  }

  of<S extends Signal>(signal: S): Destination<S>[] {
    const named = this.named(signal);
    const console = this.console(signal);
    if (!named || !console) return [named ?? console].filter((one) => one !== undefined);
    // If the variables name the console itself, it would receive everything twice.
    return isSameHost(named.delivery.host, console.delivery.host) ? [named] : [named, console];
  }

  /** What happened to everything so far, by signal, without what went to the console. */
  get counts(): Record<'spans' | 'metrics' | 'logs', ExportCounts> {
    const of = (signal: Signal): ExportCounts => {
      const named = this.deliveries.find(({ name, console }) => name === signal && !console);
      return { ...(named?.counts ?? { sent: 0, dropped: 0 }) };
    };
    return { spans: of('traces'), metrics: of('metrics'), logs: of('logs') };
  }

  private named<S extends Signal>(signal: S): Destination<S> | undefined {
    const protocol = protocolOf(signal);
    if (!protocol) return undefined;
    const NAME = signal.toUpperCase();
    const wire = WIRE[signal];
    if (protocol === 'grpc') {
      const options = convertLegacyOtlpGrpcOptions({}, NAME);
      const delivery = this.delivery(signal, options.url, false);
      const encoding = { serializer: wire.protobuf, count: wire.count };
      return { protocol, delivery, delegate: () => grpcDelegate(options, wire.grpc, encoding, delivery) };
    }
    const format = protocol === 'http/json' ? 'json' : 'protobuf';
    const options = convertLegacyHttpOptions({}, NAME, `v1/${signal}`, contentType(format));
    return this.overHttp(signal, options, format, false);
  }

  private console<S extends Signal>(signal: S): Destination<S> | undefined {
    if (this.consoleBase === undefined) return undefined;
    const options: HttpOptions = {
      url: `${this.consoleBase}/v1/${signal}`,
      headers: async () => contentType('protobuf'),
      timeoutMillis: CONSOLE_TIMEOUT_MS,
      concurrencyLimit: 30,
      compression: 'none' as HttpOptions['compression'],
      agentFactory: httpAgentFactoryFromOptions({ keepAlive: true }),
    };
    return this.overHttp(signal, options, 'protobuf', true);
  }

  private overHttp<S extends Signal>(
    signal: S,
    http: HttpOptions,
    format: 'json' | 'protobuf',
    console: boolean,
  ): Destination<S> {
    const wire = WIRE[signal];
    const delivery = this.delivery(signal, http.url, console);
    const encoding = { serializer: wire[format], count: wire.count };
    return {
      http,
      protocol: `http/${format}`,
      delivery,
      delegate: () => httpDelegate(http, encoding, delivery),
    };
  }

  private delivery(signal: Signal, url: string, console: boolean): Delivery {
    const delivery = new Delivery(WIRE[signal].items, URL.parse(url)?.host || url, this.report);
    this.deliveries.push({ name: signal, console, counts: delivery.counts });
    return delivery;
  }
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(?=:|$)/;

/** Whether two hosts with their ports are the same, whichever name of loopback they use. */
export function isSameHost(one: string, other: string): boolean {
  return one.replace(LOOPBACK, 'localhost') === other.replace(LOOPBACK, 'localhost');
}

/** Enough for the console, which is on this machine or in this cluster. */
const CONSOLE_TIMEOUT_MS = 10_000;

function contentType(format: 'json' | 'protobuf'): Record<string, string> {
  return { 'Content-Type': format === 'json' ? 'application/json' : 'application/x-protobuf' };
}

function grpcService(signal: 'Trace' | 'Metrics' | 'Logs'): { name: string; path: string } {
  const path = `/opentelemetry.proto.collector.${signal.toLowerCase()}.v1.${signal}Service/Export`;
  return { name: `${signal}ExportService`, path };
}

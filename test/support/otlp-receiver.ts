import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface AnyValue {
  stringValue?: string;
  intValue?: number | string;
  doubleValue?: number;
  boolValue?: boolean;
}

interface KeyValue {
  key: string;
  value: AnyValue;
}

/** A span as it came over OTLP, attributes as plain values. */
export interface ReceivedSpan {
  service: string;
  name: string;
  /** 1 INTERNAL, 2 SERVER, 3 CLIENT */
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  ms: number;
  /** 0 unset, 2 ERROR */
  status: number;
  attributes: Record<string, string | number | boolean | undefined>;
}

interface ExportedSpan extends Omit<ReceivedSpan, 'service' | 'ms' | 'status' | 'attributes'> {
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: KeyValue[];
  status?: { code?: number };
}

/** Takes OTLP/HTTP in JSON on loopback and keeps all spans. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<OtlpReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        receiver.receive(JSON.parse(Buffer.concat(chunks).toString()));
        response.setHeader('Content-Type', 'application/json').end('{}');
      });
    });
    const receiver = new OtlpReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  /** The variables that make a service export to here, soon. */
  get environment(): Record<string, string> {
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    };
  }

  /** The database spans, without those of transaction control. */
  get statements(): ReceivedSpan[] {
    return this.spans.filter(({ attributes }) => attributes['db.system'] !== undefined);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private receive({ resourceSpans = [] }: { resourceSpans?: ResourceSpans[] }): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(plain(resource.attributes)['service.name']);
      for (const { spans } of scopeSpans) this.spans.push(...spans.map((span) => received(service, span)));
    }
  }
}

interface ResourceSpans {
  resource: { attributes: KeyValue[] };
  scopeSpans: { spans: ExportedSpan[] }[];
}

function received(service: string, span: ExportedSpan): ReceivedSpan {
  const { name, kind, traceId, spanId, parentSpanId = '' } = span;
  const ms = Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6;
  const attributes = plain(span.attributes);
  return {
    service,
    name,
    kind,
    traceId,
    spanId,
    parentSpanId,
    ms,
    status: span.status?.code ?? 0,
    attributes,
  };
}

function plain(attributes: KeyValue[]): ReceivedSpan['attributes'] {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.boolValue ?? value.doubleValue ?? Number(value.intValue),
    ]),
  );
}

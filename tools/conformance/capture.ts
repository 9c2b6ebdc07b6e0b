import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeLogs, decodeMetrics, decodeTraces, type OtlpContentType } from '@app/otlp';

/** One OTLP/HTTP request as it arrived. */
export interface CapturedRequest {
  path: string;
  contentType: OtlpContentType;
  body: Buffer;
}

/** Takes OTLP/HTTP on loopback and keeps every byte of it. */
export class Capture {
  readonly requests: CapturedRequest[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Capture> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const sent = Buffer.concat(chunks);
        const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
        const json = request.headers['content-type']?.startsWith('application/json');
        const contentType = json ? 'application/json' : 'application/x-protobuf';
        capture.requests.push({ path: request.url ?? '', contentType, body });
        response.setHeader('Content-Type', contentType).end(json ? '{}' : '');
      });
    });
    const capture = new Capture(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return capture;
  }

  /** The variables that make a process send here, soon, in one of the two encodings. */
  environment(protocol: 'http/protobuf' | 'http/json' = 'http/protobuf'): Record<string, string> {
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_BLRP_SCHEDULE_DELAY: '100',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
    };
  }

  get spans() {
    return this.decoded('/v1/traces', decodeTraces);
  }

  get logs() {
    return this.decoded('/v1/logs', decodeLogs);
  }

  get metrics() {
    return this.decoded('/v1/metrics', decodeMetrics);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private decoded<Item>(
    path: string,
    decode: (body: Buffer, contentType: OtlpContentType) => Item[],
  ): Item[] {
    return this.requests
      .filter((request) => request.path === path)
      .flatMap(({ body, contentType }) => decode(body, contentType));
  }
}

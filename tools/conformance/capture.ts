import { decodeLogs, decodeMetrics, decodeTraces, type OtlpContentType } from '@app/otlp';
import { HttpReceiver } from './receive/http-receiver';
import type { Signal, Sink } from './receive/inbox';

/** One OTLP/HTTP request as it arrived, decompressed. */
export interface CapturedRequest {
  signal: Signal;
  contentType: OtlpContentType;
  body: Buffer;
}

/** Receives OTLP/HTTP on loopback and keeps every byte of it, to be decoded later. */
export class Capture implements Sink {
  readonly requests: CapturedRequest[] = [];
  private receiver!: HttpReceiver;

  private constructor() {}

  static async start(): Promise<Capture> {
    const capture = new Capture();
    capture.receiver = await HttpReceiver.start(capture);
    return capture;
  }

  take(signal: Signal, body: Buffer, contentType: OtlpContentType): void {
    this.requests.push({ signal, contentType, body });
  }

  /** The variables that make a process send to this capture, without delay, in one of the two encodings. */
  environment(protocol: 'http/protobuf' | 'http/json' = 'http/protobuf'): Record<string, string> {
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${this.receiver.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_BLRP_SCHEDULE_DELAY: '100',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
    };
  }

  get spans() {
    return this.decoded('traces', decodeTraces);
  }

  get logs() {
    return this.decoded('logs', decodeLogs);
  }

  get metrics() {
    return this.decoded('metrics', decodeMetrics);
  }

  stop(): Promise<void> {
    return this.receiver.stop();
  }

  private decoded<Item>(
    signal: Signal,
    decode: (body: Buffer, contentType: OtlpContentType) => Item[],
  ): Item[] {
    return this.requests
      .filter((request) => request.signal === signal)
      .flatMap(({ body, contentType }) => decode(body, contentType));
  }
}

import type { Received } from '@app/conformance';
import {
  type DecodedLog,
  type DecodedMetric,
  type DecodedSpan,
  decodeLogs,
  decodeMetrics,
  decodeTraces,
  type OtlpContentType,
} from '@app/otlp';

export type Signal = 'traces' | 'metrics' | 'logs';

/** The destination of what a receiver receives. */
export interface Sink {
  /** @throws InvalidPayload to refuse it */
  take(signal: Signal, body: Buffer, contentType: OtlpContentType): void;
}

/** Everything that was received, decoded on arrival. */
export class Inbox implements Received, Sink {
  readonly spans: DecodedSpan[] = [];
  readonly metrics: DecodedMetric[] = [];
  readonly logs: DecodedLog[] = [];
  requests = 0;

  /** @throws InvalidPayload */
  take(signal: Signal, body: Buffer, contentType: OtlpContentType): void {
    this.requests += 1;
    // Not push(...items), because a request may contain more items than a call may have arguments.
    if (signal === 'traces') for (const span of decodeTraces(body, contentType)) this.spans.push(span);
    else if (signal === 'metrics')
      for (const point of decodeMetrics(body, contentType)) this.metrics.push(point);
    else for (const log of decodeLogs(body, contentType)) this.logs.push(log);
  }

  get isEmpty(): boolean {
    return this.spans.length + this.metrics.length + this.logs.length === 0;
  }
}

import { decodeLogs, decodeMetrics, decodeTraces, InvalidPayload, type OtlpContentType } from '@app/otlp';
import { Injectable } from '@nestjs/common';
import { Catalog } from '../catalog/catalog';
import { SpanStore } from '../spans/span-store';
import { Forwarder } from './forwarder';

export type Signal = 'traces' | 'metrics' | 'logs';

/** Where everything that was measured comes in, over HTTP or from this process itself. */
@Injectable()
export class Intake {
  readonly statistics = { traces: 0, metrics: 0, logs: 0, invalid: 0 };

  constructor(
    private readonly spans: SpanStore,
    private readonly catalog: Catalog,
    private readonly forwarder: Forwarder,
  ) {}

  /**
   * Decodes a payload. Spans are kept; data points and log records are checked and counted, for the page shows none.
   *
   * @throws InvalidPayload
   */
  take(signal: Signal, body: Buffer, contentType: OtlpContentType): void {
    try {
      this.statistics[signal] += this.decode(signal, body, contentType);
    } catch (error) {
      if (error instanceof InvalidPayload) this.statistics.invalid += 1;
      throw error;
    }
  }

  /** Sends the payload on, if there is a place to send it to. */
  forward(signal: Signal, sent: Buffer, contentType: OtlpContentType, contentEncoding?: string): void {
    this.forwarder.forward(`/v1/${signal}`, sent, contentType, contentEncoding);
  }

  private decode(signal: Signal, body: Buffer, contentType: OtlpContentType): number {
    if (signal === 'metrics') return decodeMetrics(body, contentType).length;
    if (signal === 'logs') return decodeLogs(body, contentType).length;
    const spans = decodeTraces(body, contentType);
    for (const span of spans) {
      this.spans.add(span);
      this.catalog.add(span);
    }
    return spans.length;
  }
}

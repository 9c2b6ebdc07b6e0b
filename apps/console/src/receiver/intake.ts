import { decodeLogs, decodeMetrics, decodeTraces, InvalidPayload, type OtlpContentType } from '@app/otlp';
import { Injectable } from '@nestjs/common';
import { Catalog } from '../catalog/catalog';
import { LatestSignals } from '../conformance/latest-signals';
import { LogStore } from '../logs/log-store';
import { SpanStore } from '../spans/span-store';

export type Signal = 'traces' | 'metrics' | 'logs';

/** Receives everything that was measured, over HTTP or from this process itself. */
@Injectable()
export class Intake {
  readonly statistics = { traces: 0, metrics: 0, logs: 0, invalid: 0 };

  constructor(
    private readonly spans: SpanStore,
    private readonly catalog: Catalog,
    private readonly signals: LatestSignals,
    private readonly logs: LogStore,
  ) {}

  /**
   * Decodes a payload. Spans are kept, and the latest items of the other signals.
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

  private decode(signal: Signal, body: Buffer, contentType: OtlpContentType): number {
    if (signal === 'metrics') {
      const points = decodeMetrics(body, contentType);
      this.signals.addMetrics(points);
      return points.length;
    }
    if (signal === 'logs') {
      const records = decodeLogs(body, contentType);
      this.signals.addLogs(records);
      this.logs.add(records);
      return records.length;
    }
    const spans = decodeTraces(body, contentType);
    this.signals.addSpans(spans);
    for (const span of spans) {
      this.spans.add(span);
      this.catalog.add(span);
    }
    return spans.length;
  }
}

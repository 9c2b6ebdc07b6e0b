import { type Attributes, createNoopMeter, type Meter, type MeterProvider } from '@opentelemetry/api';

/** Spans and log records since the start of the process, by what became of them. */
export interface ExportCounts {
  sent: number;
  /** Never sent: the queue was full, or the backend did not take them in time. */
  dropped: number;
}

/**
 * Counts what the SDK's batch processors tell of themselves. They report to a meter of the SDK's own metrics
 * (`otel.sdk.processor.*.processed`, with `error.type` for what was lost); this is one that just adds up.
 */
export class ExportCounter implements MeterProvider {
  readonly counts: ExportCounts = { sent: 0, dropped: 0 };

  getMeter(): Meter {
    const { counts } = this;
    return Object.assign(createNoopMeter(), {
      createCounter: (name: string) => ({
        add(amount: number, attributes: Attributes = {}) {
          if (!name.endsWith('.processed')) return;
          counts[attributes['error.type'] === undefined ? 'sent' : 'dropped'] += amount;
        },
      }),
    });
  }
}

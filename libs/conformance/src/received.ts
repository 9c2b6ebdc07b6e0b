import type { DecodedLog, DecodedMetric, DecodedSpan } from '@app/otlp';

/** What a sender sent, of all three signals. */
export interface Received {
  spans: readonly DecodedSpan[];
  metrics: readonly DecodedMetric[];
  logs: readonly DecodedLog[];
}

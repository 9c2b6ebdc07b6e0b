import type { DecodedLog, DecodedMetric, DecodedSpan } from '@app/otlp';

/** What somebody sent, of all three signals. */
export interface Received {
  spans: readonly DecodedSpan[];
  metrics: readonly DecodedMetric[];
  logs: readonly DecodedLog[];
}

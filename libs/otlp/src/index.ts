export type { Attributes, AttributeValue } from './attributes';
export { type DecodedLog, decodeLogs } from './decode-logs';
export { type DecodedMetric, decodeMetrics, type MetricType } from './decode-metrics';
export {
  type DecodedEvent,
  type DecodedSpan,
  decodeTraces,
  type SpanKind,
  type SpanStatus,
} from './decode-traces';
export { InvalidPayload, PayloadTooComplex } from './invalid-payload';
export type { OtlpContentType } from './payload';

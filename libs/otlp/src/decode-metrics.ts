import { type Attributes, attributes } from './attributes';
import { eachOrigin, type Origin } from './origin';
import { type OtlpContentType, readPayload } from './payload';
import { double, integer, list, record, records, text, type WireRecord } from './wire-value';

export type MetricType = 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram' | 'summary';

const TYPES: readonly MetricType[] = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];

/** One data point of a metric. */
export interface DecodedMetric extends Origin {
  name: string;
  unit: string;
  type: MetricType;
  timeUnixNano: bigint;
  attributes: Attributes;
  /** Of a gauge or a sum. */
  value?: number;
  /** Of the other types: how many values, and their sum if it was recorded. */
  count?: number;
  sum?: number;
  /** Of a histogram: one count more than there are bounds. */
  bucketCounts?: number[];
  explicitBounds?: number[];
}

/**
 * The data points of one request to `/v1/metrics`.
 *
 * @throws InvalidPayload
 */
export function decodeMetrics(body: Buffer, contentType: OtlpContentType): DecodedMetric[] {
  const { resourceMetrics } = readPayload('Metrics', body, contentType);
  return eachOrigin(resourceMetrics, 'scopeMetrics', 'metrics', decodeMetric);
}

function decodeMetric(metric: WireRecord, origin: Origin): DecodedMetric[] {
  const type = TYPES.find((candidate) => metric[candidate] !== undefined);
  if (!type) return [];
  const name = text(metric.name, 'the name of a metric');
  const unit = text(metric.unit, 'the unit of a metric');
  return records(record(metric[type], type).dataPoints, 'dataPoints').map((point) => ({
    ...origin,
    name,
    unit,
    type,
    timeUnixNano: integer(point.timeUnixNano, 'timeUnixNano'),
    attributes: attributes(point.attributes),
    ...(type === 'gauge' || type === 'sum' ? { value: numberValue(point) } : distribution(point)),
  }));
}

function numberValue(point: WireRecord): number {
  return point.asInt === undefined
    ? double(point.asDouble, 'asDouble')
    : Number(integer(point.asInt, 'asInt'));
}

function distribution(
  point: WireRecord,
): Pick<DecodedMetric, 'count' | 'sum' | 'bucketCounts' | 'explicitBounds'> {
  return {
    count: Number(integer(point.count, 'count')),
    ...(point.sum !== undefined && { sum: double(point.sum, 'sum') }),
    ...(point.bucketCounts !== undefined && {
      bucketCounts: list(point.bucketCounts, 'bucketCounts').map((count) =>
        Number(integer(count, 'a bucket')),
      ),
      explicitBounds: list(point.explicitBounds, 'explicitBounds').map((bound) => double(bound, 'a bound')),
    }),
  };
}

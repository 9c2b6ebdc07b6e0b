import { type Attributes, attributes } from './attributes';
import { eachOrigin, type Origin } from './origin';
import { type OtlpContentType, readPayload } from './payload';
import {
  choice,
  double,
  integer,
  isAbsent,
  list,
  record,
  records,
  text,
  type WireRecord,
} from './wire-value';

export type MetricType = 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram' | 'summary';

const TYPES: readonly MetricType[] = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];

const TEMPORALITIES = ['UNSPECIFIED', 'DELTA', 'CUMULATIVE'] as const;

/** One data point of a metric. */
export interface DecodedMetric extends Origin {
  name: string;
  unit: string;
  type: MetricType;
  /** Only for a sum or a histogram. */
  temporality?: (typeof TEMPORALITIES)[number];
  /** Only for a sum: whether it never decreases. */
  monotonic?: boolean;
  timeUnixNano: bigint;
  attributes: Attributes;
  /** Only for a gauge or a sum. */
  value?: number;
  /** Only for the other types: how many values, and their sum if it was recorded. */
  count?: number;
  sum?: number;
  /** Only for a histogram: one count more than there are bounds. */
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
  const type = TYPES.find((candidate) => !isAbsent(metric[candidate]));
  if (!type) return [];
  const name = text(metric.name, 'the name of a metric');
  const unit = text(metric.unit, 'the unit of a metric');
  const data = record(metric[type], type);
  const kind = {
    ...(type !== 'gauge' &&
      type !== 'summary' && {
        temporality: choice(
          data.aggregationTemporality,
          TEMPORALITIES,
          'AGGREGATION_TEMPORALITY_',
          'aggregationTemporality',
        ),
      }),
    ...(type === 'sum' && { monotonic: data.isMonotonic === true }),
  };
  return records(data.dataPoints, 'dataPoints').map((point) => ({
    ...origin,
    name,
    unit,
    type,
    ...kind,
    timeUnixNano: integer(point.timeUnixNano, 'timeUnixNano'),
    attributes: attributes(point.attributes),
    ...(type === 'gauge' || type === 'sum' ? { value: numberValue(point) } : distribution(point)),
  }));
}

function numberValue(point: WireRecord): number {
  return isAbsent(point.asInt) ? double(point.asDouble, 'asDouble') : Number(integer(point.asInt, 'asInt'));
}

function distribution(
  point: WireRecord,
): Pick<DecodedMetric, 'count' | 'sum' | 'bucketCounts' | 'explicitBounds'> {
  return {
    count: Number(integer(point.count, 'count')),
    ...(!isAbsent(point.sum) && { sum: double(point.sum, 'sum') }),
    ...(!isAbsent(point.bucketCounts) && {
      bucketCounts: list(point.bucketCounts, 'bucketCounts').map((count) =>
        Number(integer(count, 'a bucket')),
      ),
      explicitBounds: list(point.explicitBounds, 'explicitBounds').map((bound) => double(bound, 'a bound')),
    }),
  };
}

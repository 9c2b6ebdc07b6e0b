import { type Histogram, type HrTime, type MetricOptions, ValueType } from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  DataPointType,
  type HistogramMetricData,
  InstrumentType,
  type MetricProducer,
  type MetricReader,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { DirectHistogram, type Exemplar, hrTime, type Series } from './direct-histogram';

type Point = HistogramMetricData['dataPoints'][number];
/** A point of the SDK with something that the SDK's type lacks: an exemplar for each bucket that has one. */
export type PointWithExemplars = Point & { exemplars?: readonly (Exemplar | undefined)[] };
type Scope = ScopeMetrics['scope'];

/** What was last reported to a reader that wants differences. */
interface LastReported {
  counts: number[];
  count: number;
  sum: number;
  end: HrTime;
}

/** All direct histograms of this process, in the form that readers of metrics accept. */
export class DirectHistograms {
  private readonly scopes = new Map<string, { scope: Scope; histograms: DirectHistogram[] }>();

  create(scope: Scope, name: string, options?: MetricOptions): Histogram {
    const key = `${scope.name}@${scope.version}`;
    const { histograms } = this.scopes.get(key) ?? { histograms: [] };
    const known = histograms.find((one) => one.name === name);
    if (known) return known;
    const histogram = new DirectHistogram(name, options);
    this.scopes.set(key, { scope, histograms: [...histograms, histogram] });
    return histogram;
  }

  /**
   * A producer for `metricProducers` of a reader: its numbers since the start of the process, or since it last asked.
   * @param reader undefined until there is one; asked for the temporality it wants
   */
  producer(reader: () => Pick<MetricReader, 'selectAggregationTemporality'>): MetricProducer {
    const reported = new WeakMap<Series, LastReported>();
    return {
      collect: async () => {
        const temporality = reader().selectAggregationTemporality(InstrumentType.HISTOGRAM);
        const point = temporality === AggregationTemporality.DELTA ? delta(reported) : cumulative;
        return this.collected((histogram) => metric(histogram, temporality, point));
      },
    };
  }

  private collected(measure: (histogram: DirectHistogram) => HistogramMetricData): CollectionResult {
    const scopeMetrics = [...this.scopes.values()].map(({ scope, histograms }) => ({
      scope,
      metrics: histograms.map(measure).filter(({ dataPoints }) => dataPoints.length > 0),
    }));
    return { resourceMetrics: { resource: NO_RESOURCE, scopeMetrics }, errors: [] };
  }
}

/** The reader uses the resource of the SDK's own metrics. */
const NO_RESOURCE: Resource = resourceFromAttributes({});

function metric(
  histogram: DirectHistogram,
  aggregationTemporality: AggregationTemporality,
  point: (series: Series, boundaries: number[]) => Point | undefined,
): HistogramMetricData {
  const { name, options, boundaries } = histogram;
  const { description = '', unit = '', valueType = ValueType.DOUBLE } = options;
  return {
    descriptor: { name, description, unit, valueType },
    aggregationTemporality,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: [...histogram.all()].flatMap((series) => point(series, boundaries) ?? []),
  };
}

function cumulative(
  { start, attributes, counts, exemplars, count, sum, min, max }: Series,
  boundaries: number[],
): PointWithExemplars {
  const value = { buckets: { boundaries, counts: [...counts] }, count, sum, min, max };
  return { startTime: start, endTime: hrTime(), attributes, value, exemplars };
}

/** Points of what was recorded since the last report; without minimum and maximum, known only for the whole time. */
function delta(reported: WeakMap<Series, LastReported>) {
  return (series: Series, boundaries: number[]): Point | undefined => {
    const { attributes, start, counts, count, sum } = series;
    const before = reported.get(series) ?? { counts: counts.map(() => 0), count: 0, sum: 0, end: start };
    if (count === before.count) return undefined;
    const end = hrTime();
    reported.set(series, { counts: [...counts], count, sum, end });
    const since = counts.map((now, bucket) => now - (before.counts[bucket] ?? 0));
    const value = {
      buckets: { boundaries, counts: since },
      count: count - before.count,
      sum: sum - before.sum,
    };
    return { startTime: before.end, endTime: end, attributes, value };
  };
}

import { type Attributes, type Histogram, type MeterProvider as Meters } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type HistogramMetricData,
  MeterProvider,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import { DirectHistograms } from './direct-histograms';
import { DirectMeterProvider } from './direct-meter-provider';

const SECONDS = { unit: 's', description: 'A time', advice: { explicitBucketBoundaries: [0.125, 1, 10] } };
const SELECT = Object.freeze({ operation: 'SELECT', table: 'products' });

/** Collects on request, with the direct histograms beside the SDK's. */
class Reader extends MetricReader {
  constructor(histograms: DirectHistograms, temporality: AggregationTemporality) {
    super({
      aggregationTemporalitySelector: () => temporality,
      metricProducers: [histograms.producer(() => this)],
    });
  }

  async histograms(): Promise<HistogramMetricData[]> {
    const { resourceMetrics } = await this.collect();
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics as HistogramMetricData[]);
  }

  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

/** The same values in a histogram of the SDK and in a direct one, each read by a reader of its own. */
function both(temporality: AggregationTemporality) {
  const none = new DirectHistograms();
  const direct = new DirectHistograms();
  const readers = [new Reader(none, temporality), new Reader(direct, temporality)] as const;
  const sdk: Meters = new MeterProvider({ readers: [readers[0]] });
  const meters = [sdk, new DirectMeterProvider(new MeterProvider({ readers: [readers[1]] }), direct)];
  const histograms = meters.map((meter) => meter.getMeter('a-scope').createHistogram('a.time', SECONDS));
  const record = (value: number, attributes?: Attributes) => {
    for (const histogram of histograms) (histogram as Histogram).record(value, attributes);
  };
  const read = () => Promise.all(readers.map((reader) => reader.histograms()));
  return { record, read };
}

/** The metrics without times, which cannot be equal. */
function timeless(
  metrics: HistogramMetricData[] | undefined,
  also: (value: object) => object = (same) => same,
) {
  return metrics?.map(({ descriptor: { name, unit, description }, dataPoints, ...rest }) => ({
    name,
    unit,
    description,
    ...rest,
    dataPoints: dataPoints.map(({ attributes, value }) => ({
      attributes,
      value: also({ ...value, hasMinMax: 0 }),
    })),
  }));
}

describe('histograms that count directly', () => {
  it.each([
    ['since the start', AggregationTemporality.CUMULATIVE],
    ['since the last time', AggregationTemporality.DELTA],
  ])('export what the SDK exports, %s', async (_name, temporality) => {
    const { record, read } = both(temporality);
    const withoutEnds = (value: object) => ({ ...value, min: 0, max: 0 });
    const also = temporality === AggregationTemporality.DELTA ? withoutEnds : undefined;
    for (const value of [0, 0.0625, 0.125, 0.25, 1, 5, 10, 11]) record(value, SELECT);
    record(3, { table: 'products', operation: 'SELECT' });
    record(2);
    record(0.5, { operation: 'INSERT' });
    for (let round = 0; round < 2; round++) {
      const [sdk, direct] = await read();
      expect(direct?.[0]?.dataPoints).toHaveLength(3);
      expect(timeless(direct, also)).toEqual(timeless(sdk, also));
      for (const attributes of [SELECT, undefined, { operation: 'INSERT' }]) record(7, attributes);
    }
  });

  it('ignore what is not a number', async () => {
    const { record, read } = both(AggregationTemporality.CUMULATIVE);
    for (const value of [1, Number.NaN, -1]) record(value, SELECT);
    const [, direct] = await read();
    expect(direct?.[0]?.dataPoints[0]?.value).toMatchObject({ count: 1, sum: 1 });
  });

  it('count together what is too much to count separately', async () => {
    const { record, read } = both(AggregationTemporality.CUMULATIVE);
    for (let count = 0; count < 2_500; count++) record(1, { count });
    const [, direct] = await read();
    const points = direct?.[0]?.dataPoints ?? [];
    expect(points).toHaveLength(2_001);
    expect(points.at(-1)).toMatchObject({
      attributes: { 'otel.metric.overflow': true },
      value: { count: 500 },
    });
  });

  it('report to each reader its own differences', async () => {
    const histograms = new DirectHistograms();
    const readers = [1, 2].map(() => new Reader(histograms, AggregationTemporality.DELTA));
    const meters = new DirectMeterProvider(new MeterProvider({ readers }), histograms);
    const histogram = meters.getMeter('a-scope').createHistogram('a.time', SECONDS);
    const counts = async (reader: Reader | undefined) =>
      (await reader?.histograms())?.flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value.count));
    histogram.record(1);
    expect(await counts(readers[0])).toEqual([1]);
    histogram.record(1);
    expect(await counts(readers[0])).toEqual([1]);
    expect(await counts(readers[1])).toEqual([2]);
    expect(await counts(readers[1])).toEqual([]);
  });
});

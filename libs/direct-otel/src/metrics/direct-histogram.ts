import {
  type Attributes,
  type Context,
  context,
  type Histogram,
  type HrTime,
  type MetricOptions,
  type Span,
  trace,
} from '@opentelemetry/api';
import { now } from '../clock';

/** Sets of attributes that one histogram counts separately; all further ones are counted together. */
const MOST_SERIES = 2_000;
const NONE = Object.freeze({});
const OVERFLOW = Object.freeze({ 'otel.metric.overflow': true });
/** The SDK's boundaries if none are advised. */
const DEFAULT_BOUNDARIES = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];

/** A value with the span in which it was recorded. The span is kept, and its ids are formatted only when they are read. */
export interface Exemplar {
  value: number;
  span: Span;
  /** Milliseconds since the epoch. */
  epochMs: number;
}

/** What was recorded under one set of attributes since the start. */
export interface Series {
  readonly attributes: Attributes;
  readonly start: HrTime;
  /** One more than boundaries. */
  readonly counts: number[];
  /** The latest value of each bucket that was recorded inside a span. */
  readonly exemplars: (Exemplar | undefined)[];
  count: number;
  sum: number;
  min: number;
  max: number;
}

/**
 * A histogram that finds its series by the identity of the attributes object: the SDK's sorts and formats the
 * attributes for every value, once for each reader. Frozen objects are examined only once.
 */
export class DirectHistogram implements Histogram {
  readonly boundaries: number[];
  private readonly known = new WeakMap<Attributes, Series>();
  private readonly series = new Map<string, Series>();

  constructor(
    readonly name: string,
    readonly options: MetricOptions = {},
  ) {
    this.boundaries = options.advice?.explicitBucketBoundaries ?? DEFAULT_BOUNDARIES;
  }

  /** @param within where the value was measured; undefined if it was here */
  record(value: number, attributes: Attributes = NONE, within?: Context): void {
    // By the conventions a histogram accepts no negative values, and what is not a number cannot be counted.
    if (!(value >= 0)) return;
    const series = this.known.get(attributes) ?? this.find(attributes);
    series.count++;
    series.sum += value;
    if (value < series.min) series.min = value;
    if (value > series.max) series.max = value;
    const { boundaries } = this;
    let bucket = 0;
    while (bucket < boundaries.length && value > (boundaries[bucket] as number)) bucket++;
    series.counts[bucket] = (series.counts[bucket] as number) + 1;
    const span = trace.getSpan(within ?? context.active());
    if (span?.isRecording()) keepExemplar(series, bucket, value, span);
  }

  all(): Iterable<Series> {
    return this.series.values();
  }

  private find(attributes: Attributes): Series {
    const key = JSON.stringify(Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1)));
    const series = this.series.get(key) ?? this.add(key, attributes);
    if (Object.isFrozen(attributes)) this.known.set(attributes, series);
    return series;
  }

  private add(key: string, attributes: Attributes): Series {
    if (this.series.size >= MOST_SERIES && attributes !== OVERFLOW) return this.find(OVERFLOW);
    const series: Series = {
      attributes: { ...attributes },
      start: hrTime(),
      counts: new Array(this.boundaries.length + 1).fill(0),
      exemplars: new Array(this.boundaries.length + 1),
      count: 0,
      sum: 0,
      min: Number.POSITIVE_INFINITY,
      max: Number.NEGATIVE_INFINITY,
    };
    this.series.set(key, series);
    return series;
  }
}

function keepExemplar({ exemplars }: Series, bucket: number, value: number, span: Span): void {
  const kept = exemplars[bucket];
  if (!kept) exemplars[bucket] = { value, span, epochMs: now() };
  else {
    kept.value = value;
    kept.span = span;
    kept.epochMs = now();
  }
}

/** Now, as the SDK represents it: seconds and nanoseconds. */
export function hrTime(): HrTime {
  const ms = now();
  return [Math.floor(ms / 1_000), Math.floor((ms % 1_000) * 1e6)];
}

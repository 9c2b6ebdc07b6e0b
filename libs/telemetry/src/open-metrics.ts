import type { PointWithExemplars } from '@app/direct-otel';
import type { Attributes } from '@opentelemetry/api';
import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** The suffixes that OpenTelemetry's units add to a name in Prometheus; annotations in braces add none. */
const UNITS: Record<string, string> = { s: 'seconds', ms: 'milliseconds', By: 'bytes', '1': 'ratio' };

/** The suffix of a metric's name for its unit, with the underscore; empty if the unit adds none. */
export function unitSuffix(unit: string): string {
  return unit in UNITS ? `_${UNITS[unit]}` : '';
}

/**
 * Metrics in the text format of OpenMetrics 1.0, which unlike that of Prometheus has exemplars: the trace of one value
 * in each bucket of a histogram.
 */
export function openMetrics({ resource, scopeMetrics }: ResourceMetrics): string {
  const info = `# TYPE target info\n# HELP target Target metadata\ntarget_info${labels(resource.attributes)} 1\n`;
  const families = scopeMetrics.flatMap(({ metrics }) => metrics.map(family));
  return `${info}${families.join('')}# EOF\n`;
}

function family(metric: MetricData): string {
  const { descriptor, dataPointType } = metric;
  const { unit, description } = descriptor;
  const name = descriptor.name.replace(/[^a-zA-Z0-9_:]/g, '_') + unitSuffix(unit);
  const isCounter = dataPointType === DataPointType.SUM && metric.isMonotonic;
  const isHistogram = dataPointType === DataPointType.HISTOGRAM;
  const lines = [`# TYPE ${name} ${isHistogram ? 'histogram' : isCounter ? 'counter' : 'gauge'}`];
  if (unit in UNITS) lines.push(`# UNIT ${name} ${UNITS[unit]}`);
  lines.push(`# HELP ${name} ${escaped(description)}`);
  if (isHistogram) for (const point of metric.dataPoints) lines.push(...histogram(name, point));
  else if (dataPointType === DataPointType.SUM || dataPointType === DataPointType.GAUGE)
    for (const { attributes, value } of metric.dataPoints)
      lines.push(`${name}${isCounter ? '_total' : ''}${labels(attributes)} ${value}`);
  return `${lines.join('\n')}\n`;
}

function histogram(name: string, { attributes, value, exemplars }: PointWithExemplars): string[] {
  const { boundaries, counts } = value.buckets;
  let cumulative = 0;
  const buckets = counts.map((count, bucket) => {
    cumulative += count;
    const le = bucket < boundaries.length ? canonical(boundaries[bucket] as number) : '+Inf';
    return `${name}_bucket${labels({ ...attributes, le })} ${cumulative}${exemplar(exemplars?.[bucket])}`;
  });
  const sum = `${name}_sum${labels(attributes)} ${value.sum ?? 0}`;
  return [...buckets, `${name}_count${labels(attributes)} ${value.count}`, sum];
}

function exemplar(kept: NonNullable<PointWithExemplars['exemplars']>[number]): string {
  if (!kept) return '';
  const { traceId, spanId } = kept.span.spanContext();
  const seconds = (kept.epochMs / 1_000).toFixed(3);
  return ` # {trace_id="${traceId}",span_id="${spanId}"} ${kept.value} ${seconds}`;
}

/** In the limits of buckets, whole numbers have a fraction too. */
function canonical(boundary: number): string {
  return Number.isInteger(boundary) ? `${boundary}.0` : String(boundary);
}

function labels(attributes: Attributes): string {
  const pairs = Object.entries(attributes).map(([key, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `${key.replace(/[^a-zA-Z0-9_]/g, '_')}="${escaped(text)}"`;
  });
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

function escaped(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');
}

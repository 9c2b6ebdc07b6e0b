import type { DecodedSpan } from '@app/otlp';
import { readsAs } from '../metrics/read-percentile';
import { READERS, type Reader } from '../readers/readers';
import type { Received } from '../received';
import { getsConnection, httpStatus, isEntry } from '../spans/classify';
import { TraceIndex } from '../spans/trace-index';
import { CHARTS } from './charts';

/** What happened, according to the requests. */
interface Truth {
  requests: number;
  failedRequests: number;
  /** Milliseconds of the failed ones, on average. */
  failedMs: number;
  /** Waits for a connection that failed. */
  lostWaits: number;
}

/** What one reader's page of databases would show of it. */
export interface Shown {
  reader: Reader;
  title: string;
  calls: number;
  failures: number;
  averageMs: number;
  /** As the reader's page computes it; infinite above the last bucket. */
  p95Ms: number;
  /** Why the page would look healthier than the system was; empty if it would not. */
  hides: string[];
}

export interface Visibility {
  truth: Truth;
  shown: Shown[];
}

/** What each reader would chart of what was received. */
export function visibility(
  { spans }: Pick<Received, 'spans'>,
  readers: readonly Reader[] | undefined,
): Visibility {
  const failed = spans.filter((span) => span.kind === 'SERVER' && isFailed(span));
  const truth = {
    requests: spans.filter(({ kind }) => kind === 'SERVER').length,
    failedRequests: failed.length,
    failedMs: average(failed),
    lostWaits: spans.filter((span) => getsConnection(span) && span.status === 'ERROR').length,
  };
  const charts = CHARTS.filter(({ reader }) => !readers || readers.includes(reader));
  return { truth, shown: charts.map((chart) => show(chart, spans, failed)) };
}

function show(
  chart: (typeof CHARTS)[number],
  spans: readonly DecodedSpan[],
  failed: readonly DecodedSpan[],
): Shown {
  const counted = spans.filter(chart.counts);
  const failures = counted.filter(({ status }) => status === 'ERROR');
  const p95 = percentile(counted, 0.95);
  return {
    reader: chart.reader,
    title: `${READERS[chart.reader]}: ${chart.title}`,
    calls: counted.length,
    failures: failures.length,
    averageMs: average(counted),
    p95Ms: chart.bucketsMs ? readsAs(chart.bucketsMs, p95) : p95,
    hides: hides(chart, counted, failed, TraceIndex.of(spans)),
  };
}

/** A failure that took at most this share of its request did not show the wait. */
const INSTANT = 0.1;

function hides(
  { bucketsMs }: (typeof CHARTS)[number],
  counted: readonly DecodedSpan[],
  failed: readonly DecodedSpan[],
  index: TraceIndex,
): string[] {
  if (failed.length === 0) return [];
  if (counted.length === 0) return ['it shows no call at all'];
  const reported = counted.filter(({ status }) => status === 'ERROR');
  const requestsReported = new Set(reported.flatMap((span) => index.ancestors(span).filter(isEntry)));
  const silent = failed.filter((request) => !requestsReported.has(request));
  const found: string[] = [];
  if (reported.length === 0) found.push(`${failed.length} requests failed, and it shows no failure`);
  else if (silent.length > 0)
    found.push(`${silent.length} of ${failed.length} failed requests have no failed call in it`);
  const instant = reported.filter((span) => {
    const request = index.ancestors(span).find(isEntry);
    return request && span.durationMs < request.durationMs * INSTANT && request.durationMs > 100;
  });
  if (instant.length > 0)
    found.push(
      `${instant.length} failed calls last next to nothing, so that it looks faster while requests wait`,
    );
  const connecting = counted.filter(getsConnection).length;
  if (connecting > 0) found.push(`${connecting} of its ${counted.length} calls only got a connection`);
  const longest = Math.max(...counted.map(({ durationMs }) => durationMs));
  const last = bucketsMs?.at(-1);
  if (last !== undefined && longest > last)
    found.push(`its buckets end at ${last} ms, and the longest call lasted ${Math.round(longest)} ms`);
  return found;
}

const isFailed = (span: DecodedSpan) => span.status === 'ERROR' || (httpStatus(span) ?? 0) >= 500;

function average(spans: readonly DecodedSpan[]): number {
  return spans.length === 0 ? 0 : spans.reduce((sum, { durationMs }) => sum + durationMs, 0) / spans.length;
}

function percentile(spans: readonly DecodedSpan[], share: number): number {
  const sorted = spans.map(({ durationMs }) => durationMs).sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

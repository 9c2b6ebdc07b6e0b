import type { DecodedSpan } from '@app/otlp';

/** A span as the page receives it: JSON has no 64-bit integers. */
export interface SpanView
  extends Pick<
    DecodedSpan,
    | 'traceId'
    | 'spanId'
    | 'parentSpanId'
    | 'service'
    | 'name'
    | 'kind'
    | 'status'
    | 'durationMs'
    | 'attributes'
  > {
  /** Unix milliseconds with their fraction. */
  startMs: number;
}

/** One execution of a statement in the list of them. */
export interface ExecutionView extends SpanView {
  /** Number of spans of its trace that are kept. */
  traceSpans: number;
}

export function spanView(span: DecodedSpan): SpanView {
  const { traceId, spanId, parentSpanId, service, name, kind, status, durationMs, attributes } = span;
  const startMs = Number(span.startUnixNano / 1_000n) / 1_000;
  return { traceId, spanId, parentSpanId, service, name, kind, status, durationMs, attributes, startMs };
}

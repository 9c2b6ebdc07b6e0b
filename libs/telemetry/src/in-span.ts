import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { SpanAttributes } from './attributes';
import { tracer } from './scope';

/** A span that accepts declared attributes only. */
export type TracedSpan = Omit<Span, 'setAttribute' | 'setAttributes'> & {
  setAttributes(attributes: SpanAttributes): void;
};

/** What is known of a span when it starts, which samplers use. */
export interface SpanStart {
  kind: SpanKind;
  attributes: SpanAttributes;
  /** `performance.now()` at which it began; if undefined, it begins now. */
  startTime?: number;
}

/** Accepts everything and records nothing. */
const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT) as unknown as TracedSpan;

let recording = false;

/** Until this is called, spans cost nothing: to be called once there is something to receive them. */
export function recordSpans(): void {
  recording = true;
}

export function recordsSpans(): boolean {
  return recording;
}

/**
 * Runs `work` inside a span that ends with it, or with the promise it returns. A failure marks the span ERROR; the
 * message of the failure is left out, since database errors quote values. The span does not become the active one: it
 * has no children, and passing it on to all that `work` calls would cost more than the span itself.
 */
export function inSpan<T>(name: string, start: SpanStart, work: (span: TracedSpan) => Promise<T>): Promise<T>;
export function inSpan<T>(
  name: string,
  start: SpanStart,
  work: (span: TracedSpan) => T | Promise<T>,
): T | Promise<T>;
export function inSpan<T>(
  name: string,
  start: SpanStart,
  work: (span: TracedSpan) => T | Promise<T>,
): T | Promise<T> {
  if (!recording) return work(NO_SPAN);
  const span = startSpan(name, start, context.active());
  const result = work(span);
  if (result instanceof Promise) return ending(span, result);
  span.end();
  return result;
}

async function ending<T>(span: TracedSpan, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** Starts a span that its caller ends, for work that is not one function. */
export function startSpan(name: string, start: SpanStart, parent: Context): TracedSpan {
  return tracer().startSpan(name, start, parent) as unknown as TracedSpan;
}

export function withSpan(parent: Context, span: TracedSpan): Context {
  return trace.setSpan(parent, span as unknown as Span);
}

/**
 * Runs work that belongs to no request, although a request may have caused it: timers and sockets keep the trace in
 * which they are made, and would otherwise keep that of a request that ended long ago.
 */
export function inBackground<T>(work: () => T): T {
  return context.with(ROOT_CONTEXT, work);
}

/** The position of the running code in a trace; undefined outside any, as without an exporter and a caller's trace. */
export function currentSpan(): SpanContext | undefined {
  const context = trace.getActiveSpan()?.spanContext();
  return context && isSpanContextValid(context) ? context : undefined;
}

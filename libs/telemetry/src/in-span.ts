import {
  type Context,
  context,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** Name under which all our spans are made (the instrumentation scope). */
export const SCOPE = 'database-load-demo';

/**
 * Runs `work` inside a span that ends with it. A failure marks the span ERROR; the message of the failure is
 * left out, since database errors quote values.
 * @param parent the context to be a child of; the active one if not given
 */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
  parent: Context = context.active(),
): Promise<T> {
  const span = trace.getTracer(SCOPE).startSpan(name, options, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** Id of the trace that the running code belongs to; undefined outside of any. */
export function currentTraceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId;
}

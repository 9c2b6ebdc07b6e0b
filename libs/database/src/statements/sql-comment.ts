import { isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api';
import type { Statement, Value } from './statement';

/**
 * The statement followed by its span's position in the trace, as SQLCommenter writes it, in the form of W3C Trace
 * Context: `/*traceparent='00-<trace>-<span>-01'*\/`. Every text is different, so it is sent unprepared. A statement
 * outside of any trace stays as it is.
 */
export function withComment<Row, Values extends readonly Value[]>(
  statement: Statement<Row, Values>,
  span: SpanContext,
): Statement<Row, Values> {
  if (!isSpanContextValid(span)) return statement;
  const flags = (span.traceFlags ?? TraceFlags.NONE).toString(16).padStart(2, '0');
  const comment = `/*traceparent='00-${span.traceId}-${span.spanId}-${flags}'*/`;
  return { ...statement, text: `${statement.text} ${comment}`, preparedAs: undefined };
}

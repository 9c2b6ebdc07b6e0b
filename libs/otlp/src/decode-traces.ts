import { type Attributes, attributes, doubles } from './attributes';
import { eachOrigin, type Origin } from './origin';
import { type OtlpContentType, readPayload } from './payload';
import { choice, hexId, integer, record, records, requiredHexId, text, type WireRecord } from './wire-value';

const KINDS = ['INTERNAL', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
const STATUSES = ['UNSET', 'OK', 'ERROR'] as const;

export type SpanKind = (typeof KINDS)[number];
export type SpanStatus = (typeof STATUSES)[number];

export interface DecodedEvent {
  name: string;
  timeUnixNano: bigint;
  attributes: Attributes;
}

/** A span as its service measured it. */
export interface DecodedSpan extends Origin {
  name: string;
  kind: SpanKind;
  /** 32 digits of lower-case hex. */
  traceId: string;
  /** 16 digits of lower-case hex. */
  spanId: string;
  /** In the same form; empty for the first span of a trace. */
  parentSpanId: string;
  startUnixNano: bigint;
  endUnixNano: bigint;
  /** Milliseconds with their fraction; never negative. */
  durationMs: number;
  status: SpanStatus;
  /** What the service says about the status; mostly empty. */
  statusMessage: string;
  attributes: Attributes;
  /** The attributes that arrived as doubles, if there are any. */
  doubles?: readonly string[];
  events: DecodedEvent[];
}

/**
 * The spans of one request to `/v1/traces`.
 *
 * @throws InvalidPayload
 */
export function decodeTraces(body: Buffer, contentType: OtlpContentType): DecodedSpan[] {
  const { resourceSpans } = readPayload('Traces', body, contentType);
  return eachOrigin(resourceSpans, 'scopeSpans', 'spans', decodeSpan);
}

function decodeSpan(span: WireRecord, origin: Origin): DecodedSpan {
  const startUnixNano = integer(span.startTimeUnixNano, 'startTimeUnixNano');
  const endUnixNano = integer(span.endTimeUnixNano, 'endTimeUnixNano');
  const status = record(span.status, 'status');
  const asDoubles = doubles(span.attributes);
  return {
    ...origin,
    name: text(span.name, 'the name of a span'),
    kind: choice(span.kind, KINDS, 'SPAN_KIND_', 'kind'),
    traceId: requiredHexId(span.traceId, 16, 'traceId'),
    spanId: requiredHexId(span.spanId, 8, 'spanId'),
    parentSpanId: hexId(span.parentSpanId, 8, 'parentSpanId'),
    startUnixNano,
    endUnixNano,
    // The difference is taken in whole nanoseconds first: a double cannot hold today's date in nanoseconds.
    durationMs: Math.max(0, Number(endUnixNano - startUnixNano) / 1e6),
    status: choice(status.code, STATUSES, 'STATUS_CODE_', 'the code of a status'),
    statusMessage: text(status.message, 'the message of a status'),
    attributes: attributes(span.attributes),
    ...(asDoubles.length > 0 && { doubles: asDoubles }),
    events: records(span.events, 'events').map(decodeEvent),
  };
}

function decodeEvent(event: WireRecord): DecodedEvent {
  return {
    name: text(event.name, 'the name of an event'),
    timeUnixNano: integer(event.timeUnixNano, 'timeUnixNano'),
    attributes: attributes(event.attributes),
  };
}

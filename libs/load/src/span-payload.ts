import { randomBytes } from 'node:crypto';

/** A span that the load measured on its own side of a request. */
export interface MeasuredSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** OTLP's numbers: 1 INTERNAL, 3 CLIENT. */
  kind: 1 | 3;
  /** Unix milliseconds with their fraction. */
  startMs: number;
  endMs: number;
  failed: boolean;
  attributes: Record<string, string | number>;
}

/** `service.name` of the load. */
const LOAD_SERVICE = 'load-generator';

export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}

export function newSpanId(): string {
  return randomBytes(8).toString('hex');
}

/** A request to `/v1/traces` in JSON, as any other service would send it. */
export function spanPayload(spans: readonly MeasuredSpan[]): Buffer {
  const resource = {
    attributes: keyValues({ 'service.name': LOAD_SERVICE, 'service.namespace': 'database-load-demo' }),
  };
  const scopeSpans = [{ scope: { name: 'database-load-demo' }, spans: spans.map(wireSpan) }];
  return Buffer.from(JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] }));
}

function wireSpan({ startMs, endMs, failed, attributes, ...span }: MeasuredSpan) {
  return {
    ...span,
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: keyValues(attributes),
    status: failed ? { code: 2 } : {},
  };
}

// Microseconds are the clock's resolution; a double could not hold today's date in nanoseconds.
function nanoseconds(ms: number): string {
  return `${Math.round(ms * 1_000)}000`;
}

function keyValues(attributes: Record<string, string | number>) {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  }));
}

import { randomFillSync } from 'node:crypto';
import {
  type Attributes,
  type AttributeValue,
  type Exception,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
  type TraceState,
} from '@opentelemetry/api';
import { now, toEpochMs } from '../clock';

/** What a span needs to know of the trace it belongs to. */
export interface Lineage {
  traceId: Buffer;
  parentSpanId?: Buffer;
  /** Whether the parent is in another process. */
  remote: boolean;
  /** Flags of the trace (W3C): sampled, and whatever else its caller set, such as that its id is random. */
  flags: number;
  traceState?: TraceState;
}

/** Something that happened during a span. */
export interface SpanEvent {
  epochMs: number;
  name: string;
  attributes: Attributes;
}

const NONE: readonly never[] = [];
const UNSET: SpanStatus = Object.freeze({ code: SpanStatusCode.UNSET });

/** Accepts spans that ended. */
export interface EndedSpans {
  add(span: DirectSpan): void;
}

/**
 * A recorded span that keeps what it is given unchanged: sets of attributes are not copied, checked or merged, except
 * for repeated keys. It is encoded when it ends, and not kept.
 */
export class DirectSpan implements Span {
  readonly spanId = randomBytes(8);
  readonly startMs: number;
  endMs = 0;
  /** Sets of attributes; no two of them share a key. */
  readonly attributes: Attributes[] = [];
  events: readonly SpanEvent[] = NONE;
  links: readonly Link[] = NONE;
  status: SpanStatus = UNSET;
  private context?: SpanContext;

  constructor(
    private readonly ended: EndedSpans,
    public name: string,
    readonly kind: SpanKind,
    readonly lineage: Lineage,
    startTime?: TimeInput,
  ) {
    this.startMs = startTime === undefined ? now() : toEpochMs(startTime);
  }

  spanContext(): SpanContext {
    this.context ??= {
      traceId: this.lineage.traceId.toString('hex'),
      spanId: this.spanId.toString('hex'),
      traceFlags: this.lineage.flags,
      traceState: this.lineage.traceState,
    };
    return this.context;
  }

  setAttribute(key: string, value: AttributeValue): this {
    return this.setAttributes({ [key]: value });
  }

  setAttributes(attributes: Attributes): this {
    if (!this.isRecording()) return this;
    if (this.attributes.some((earlier) => overlap(earlier, attributes))) {
      const merged = Object.assign({}, ...this.attributes, attributes);
      this.attributes.length = 0;
      this.attributes.push(merged);
    } else {
      this.attributes.push(attributes);
    }
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (!this.isRecording()) return this;
    const [attributes, at] = isTime(attributesOrTime)
      ? [{}, attributesOrTime]
      : [attributesOrTime ?? {}, time];
    const event = { name, attributes, epochMs: at === undefined ? now() : toEpochMs(at) };
    this.events = [...this.events, event];
    return this;
  }

  addLink(link: Link): this {
    return this.addLinks([link]);
  }

  addLinks(links: Link[]): this {
    if (this.isRecording()) this.links = [...this.links, ...links];
    return this;
  }

  setStatus(status: SpanStatus): this {
    // By the conventions, OK is final, and nothing sets UNSET again.
    if (!this.isRecording() || status.code === SpanStatusCode.UNSET || this.status.code === SpanStatusCode.OK)
      return this;
    this.status = status;
    return this;
  }

  updateName(name: string): this {
    if (this.isRecording()) this.name = name;
    return this;
  }

  end(endTime?: TimeInput): void {
    if (!this.isRecording()) return;
    const end = endTime === undefined ? now() : toEpochMs(endTime);
    this.endMs = Math.max(end, this.startMs);
    this.ended.add(this);
  }

  isRecording(): boolean {
    return this.endMs === 0;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const { name, message, stack, code } =
      typeof exception === 'string'
        ? ({ message: exception } as Partial<Error & { code: string }>)
        : exception;
    const type = code ?? name;
    this.addEvent(
      'exception',
      {
        ...(type !== undefined && { 'exception.type': String(type) }),
        ...(message && { 'exception.message': message }),
        ...(stack && { 'exception.stacktrace': stack }),
      },
      time,
    );
  }
}

let random = Buffer.alloc(0);
let used = 0;

/** Random bytes that are not all zero, which would not be a valid id. */
export function randomBytes(count: 8 | 16): Buffer {
  if (used + count > random.length) {
    // A new buffer, because ids that are still in use are parts of the old one.
    random = randomFillSync(Buffer.allocUnsafeSlow(8_192));
    used = 0;
  }
  const bytes = random.subarray(used, used + count);
  used += count;
  if (bytes[0] === 0 && bytes.every((byte) => byte === 0)) bytes[0] = 1;
  return bytes;
}

function overlap(one: Attributes, other: Attributes): boolean {
  for (const key in other) if (key in one) return true;
  return false;
}

function isTime(value: Attributes | TimeInput | undefined): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || Array.isArray(value as HrTime);
}

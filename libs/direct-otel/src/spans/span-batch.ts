import type { DirectSpan } from './direct-span';
import { delimited, writeSpan } from './span-bytes';
import { varintSize, Wire } from './wire';

/** Bytes after which a batch is sent, however few spans they are. */
const BATCH_BYTES = 640 * 1_024;
/** Bytes in front of the spans for the beginning of a request: the sender and the scope. */
const HEAD_BYTES = 4 * 1_024;
/** A batch with fewer bytes is copied when it is closed: for a slow backend, many small batches may wait. */
const SMALL_BYTES = BATCH_BYTES / 4;

/** Encoded spans of one instrumentation scope, to be sent in one request. */
export class SpanBatch {
  private wire: Wire;
  /** Number of spans in it. */
  spans = 0;

  /** @param bytes a buffer of an earlier batch, used again: new ones would cost a garbage collection every second */
  constructor(
    private readonly scope: Buffer,
    bytes: Buffer = Buffer.allocUnsafeSlow(HEAD_BYTES + BATCH_BYTES),
  ) {
    this.wire = new Wire(bytes);
    this.wire.at = HEAD_BYTES;
  }

  /** @returns false when there is no room for it */
  add(span: DirectSpan): boolean {
    const { wire } = this;
    const before = wire.at;
    writeSpan(wire, span);
    const fits = wire.room >= 0;
    if (fits) this.spans++;
    else wire.at = before;
    return fits;
  }

  /** To be called when the batch is full. @returns the buffer, for another batch, if it is not needed here */
  seal(): Buffer | undefined {
    const { bytes, written, at } = this.wire;
    if (at > SMALL_BYTES) return undefined;
    this.wire = new Wire(Buffer.from(written));
    this.wire.at = at;
    return bytes;
  }

  /**
   * The whole ExportTraceServiceRequest, in the same buffer as the spans.
   * @param resource as a field of ResourceSpans
   */
  request(resource: Buffer): Buffer {
    const { bytes, at } = this.wire;
    const scopeSize = this.scope.length + at - HEAD_BYTES;
    const scopeSpans = 1 + varintSize(scopeSize);
    const resourceSize = resource.length + scopeSpans + scopeSize;
    const head = new Wire(
      Buffer.allocUnsafe(1 + varintSize(resourceSize) + resource.length + scopeSpans + this.scope.length),
    );
    head.byte(0x0a);
    head.varint(resourceSize);
    head.raw(resource);
    head.byte(0x12);
    head.varint(scopeSize);
    head.raw(this.scope);
    const from = HEAD_BYTES - head.at;
    // OTEL_RESOURCE_ATTRIBUTES can make a resource of thousands of characters.
    if (from < 0) return Buffer.concat([head.bytes, bytes.subarray(HEAD_BYTES, at)]);
    bytes.set(head.bytes, from);
    return bytes.subarray(from, at);
  }

  /** To be called when the request was sent. @returns the buffer, for another batch, if `seal` kept it */
  empty(): Buffer | undefined {
    return this.wire.at > SMALL_BYTES ? this.wire.bytes : undefined;
  }
}

/** An instrumentation scope as the fields of ScopeSpans that name the spans' source: `scope` (1), `schema_url` (3). */
export function scopeBytes(name: string, version?: string, schemaUrl?: string): Buffer {
  const fields = [delimited(0x0a, Buffer.from(name))];
  if (version) fields.push(delimited(0x12, Buffer.from(version)));
  const scope = delimited(0x0a, Buffer.concat(fields));
  return schemaUrl ? Buffer.concat([scope, delimited(0x1a, Buffer.from(schemaUrl))]) : scope;
}

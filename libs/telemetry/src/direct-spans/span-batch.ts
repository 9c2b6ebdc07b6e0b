import type { DirectSpan } from './direct-span';
import { delimited, measureSpan } from './span-bytes';
import { varintSize, Wire } from './wire';

/** Bytes after which a batch is sent, however few spans they are. */
const BATCH_BYTES = 640 * 1_024;

/** Encoded spans of one instrumentation scope, to be sent in one request. */
export class SpanBatch {
  private wire: Wire;
  /** How many spans it holds. */
  spans = 0;

  /** @param bytes a buffer of an earlier batch, to be used again */
  constructor(
    private readonly scope: Buffer,
    bytes: Buffer = Buffer.allocUnsafeSlow(BATCH_BYTES),
  ) {
    this.wire = new Wire(bytes);
  }

  /** @returns false when there is no room for it */
  add(span: DirectSpan): boolean {
    const measured = measureSpan(span);
    if (measured.size > this.wire.room) return false;
    measured.write(this.wire);
    this.spans++;
    return true;
  }

  /**
   * Keeps no more than was written: behind a backend that is slow, many small batches wait.
   * @returns the buffer, for another batch
   */
  seal(): Buffer {
    const { bytes, written } = this.wire;
    this.wire = new Wire(Buffer.from(written));
    this.wire.at = written.length;
    return bytes;
  }

  /** The whole ExportTraceServiceRequest. @param resource as a field of ResourceSpans */
  request(resource: Buffer): Buffer {
    const spans = this.wire.written;
    const scopeSize = this.scope.length + spans.length;
    const resourceSize = resource.length + 1 + varintSize(scopeSize) + scopeSize;
    const request = new Wire(Buffer.allocUnsafe(1 + varintSize(resourceSize) + resourceSize));
    request.byte(0x0a);
    request.varint(resourceSize);
    request.raw(resource);
    request.byte(0x12);
    request.varint(scopeSize);
    request.raw(this.scope);
    request.raw(spans);
    return request.bytes;
  }
}

/** An instrumentation scope as a field of ScopeSpans. */
export function scopeBytes(name: string, version?: string): Buffer {
  const fields = [delimited(0x0a, Buffer.from(name))];
  if (version) fields.push(delimited(0x12, Buffer.from(version)));
  return delimited(0x0a, Buffer.concat(fields));
}

import { type Attributes, type Link, SpanStatusCode } from '@opentelemetry/api';
import { attributeBytes, attributeSize, frozenBytes, writeAttribute } from './attribute-bytes';
import type { DirectSpan, SpanEvent } from './direct-span';
import { varintSize, Wire } from './wire';

// A flag says whether the parent is in another process, another one that this is known.
const PARENT_IS_KNOWN = 0x100;
const PARENT_IS_REMOTE = 0x200;

/** A span that was measured, and can be written. */
export interface MeasuredSpan {
  /** Bytes in all, with the tag and the length. */
  size: number;
  write(wire: Wire): void;
}

/** Names are few: those of statements and of routes. */
const names = new Map<string, Buffer>();
const MOST_NAMES = 1_000;

/** A span as the field `spans` (2) of ScopeSpans in OTLP. */
export function measureSpan(span: DirectSpan): MeasuredSpan {
  const { lineage, status } = span;
  const name = nameBytes(span.name);
  const sets = span.attributes.map((set) => (Object.isFrozen(set) ? frozenBytes(set) : undefined));
  const extras = span.events.length + span.links.length > 0 ? extraBytes(span) : undefined;
  const traceState = lineage.traceState?.serialize();
  const message = status.message ? Buffer.from(status.message) : undefined;
  const statusSize = (message ? 1 + varintSize(message.length) + message.length : 0) + 2;
  let content = 18 + 10 + name.length + 2 + 9 + 9 + 6;
  if (lineage.parentSpanId) content += 10;
  if (traceState) content += 1 + varintSize(Buffer.byteLength(traceState)) + Buffer.byteLength(traceState);
  for (let place = 0; place < sets.length; place++)
    content += sets[place]?.length ?? sizeOf(span.attributes[place] as Attributes);
  if (extras) content += extras.length;
  if (status.code !== SpanStatusCode.UNSET) content += 1 + varintSize(statusSize) + statusSize;
  const write = (wire: Wire) => {
    wire.byte(0x12);
    wire.varint(content);
    writeBytes(wire, 0x0a, lineage.traceId);
    writeBytes(wire, 0x12, span.spanId);
    if (traceState) writeBytes(wire, 0x1a, Buffer.from(traceState));
    if (lineage.parentSpanId) writeBytes(wire, 0x22, lineage.parentSpanId);
    wire.raw(name);
    wire.byte(0x30);
    wire.byte(span.kind + 1);
    wire.byte(0x39);
    wire.nanoseconds(span.startMs);
    wire.byte(0x41);
    wire.nanoseconds(span.endMs);
    for (let place = 0; place < sets.length; place++) {
      const bytes = sets[place];
      if (bytes) wire.raw(bytes);
      else writeSet(wire, span.attributes[place] as Attributes);
    }
    if (extras) wire.raw(extras);
    if (status.code !== SpanStatusCode.UNSET) {
      wire.byte(0x7a);
      wire.varint(statusSize);
      if (message) writeBytes(wire, 0x12, message);
      wire.byte(0x18);
      wire.byte(status.code);
    }
    wire.byte(0x85);
    wire.byte(0x01);
    wire.fixed32(1 | PARENT_IS_KNOWN | (lineage.remote ? PARENT_IS_REMOTE : 0));
  };
  return { size: 1 + varintSize(content) + content, write };
}

function sizeOf(attributes: Attributes): number {
  let size = 0;
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined && value !== null) size += attributeSize(key, value);
  }
  return size;
}

function writeSet(wire: Wire, attributes: Attributes): void {
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined && value !== null) writeAttribute(wire, key, value);
  }
}

function writeBytes(wire: Wire, tag: number, bytes: Buffer): void {
  wire.byte(tag);
  wire.varint(bytes.length);
  wire.raw(bytes);
}

function nameBytes(name: string): Buffer {
  let bytes = names.get(name);
  if (!bytes) {
    bytes = delimited(0x2a, Buffer.from(name));
    if (names.size < MOST_NAMES) names.set(name, bytes);
  }
  return bytes;
}

/** Events and links: none of ours has any, so they may cost something. */
function extraBytes({ events, links }: DirectSpan): Buffer {
  return Buffer.concat([...events.map(eventBytes), ...links.map(linkBytes)]);
}

function eventBytes({ epochMs, name, attributes }: SpanEvent): Buffer {
  const time = new Wire(Buffer.alloc(9));
  time.byte(0x09);
  time.nanoseconds(epochMs);
  return delimited(
    0x5a,
    Buffer.concat([time.bytes, delimited(0x12, Buffer.from(name)), attributeBytes(attributes, 3)]),
  );
}

function linkBytes({ context, attributes = {} }: Link): Buffer {
  const flags = new Wire(Buffer.alloc(5));
  flags.byte(0x35);
  flags.fixed32(context.traceFlags | PARENT_IS_KNOWN | (context.isRemote ? PARENT_IS_REMOTE : 0));
  const traceState = context.traceState?.serialize();
  return delimited(
    0x6a,
    Buffer.concat([
      delimited(0x0a, Buffer.from(context.traceId, 'hex')),
      delimited(0x12, Buffer.from(context.spanId, 'hex')),
      traceState ? delimited(0x1a, Buffer.from(traceState)) : Buffer.alloc(0),
      attributeBytes(attributes, 4),
      flags.bytes,
    ]),
  );
}

/** A length-delimited field. */
export function delimited(tag: number, content: Uint8Array): Buffer {
  const wire = new Wire(Buffer.allocUnsafeSlow(1 + varintSize(content.length) + content.length));
  wire.byte(tag);
  wire.varint(content.length);
  wire.raw(content);
  return wire.bytes;
}

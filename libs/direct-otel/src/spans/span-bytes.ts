import { type Attributes, type Link, type SpanStatus, SpanStatusCode } from '@opentelemetry/api';
import { attributeBytes, frozenBytes, writeAttribute } from './attribute-bytes';
import type { DirectSpan, SpanEvent } from './direct-span';
import { varintSize, Wire } from './wire';

// One flag says whether the parent is in another process, another one that this is known.
const PARENT_IS_KNOWN = 0x100;
const PARENT_IS_REMOTE = 0x200;

/** There are few names: those of statements and of routes. */
const names = new Map<string, Buffer>();
const MOST_NAMES = 1_000;

/** A span as the field `spans` (2) of ScopeSpans in OTLP. */
export function writeSpan(wire: Wire, span: DirectSpan): void {
  const { lineage, status } = span;
  wire.byte(0x12);
  const start = wire.lengthLater();
  writeBytes(wire, 0x0a, lineage.traceId);
  writeBytes(wire, 0x12, span.spanId);
  const traceState = lineage.traceState?.serialize();
  if (traceState) writeBytes(wire, 0x1a, Buffer.from(traceState));
  if (lineage.parentSpanId) writeBytes(wire, 0x22, lineage.parentSpanId);
  wire.raw(nameBytes(span.name));
  wire.byte(0x30);
  wire.byte(span.kind + 1);
  wire.byte(0x39);
  wire.nanoseconds(span.startMs);
  wire.byte(0x41);
  wire.nanoseconds(span.endMs);
  for (const set of span.attributes) {
    if (Object.isFrozen(set)) wire.raw(frozenBytes(set));
    else writeSet(wire, set);
  }
  for (const event of span.events) wire.raw(eventBytes(event));
  for (const link of span.links) wire.raw(linkBytes(link));
  if (status.code !== SpanStatusCode.UNSET) writeStatus(wire, status);
  wire.byte(0x85);
  wire.byte(0x01);
  wire.fixed32((lineage.flags & 0xff) | PARENT_IS_KNOWN | (lineage.remote ? PARENT_IS_REMOTE : 0));
  wire.fillLength(start);
}

function writeStatus(wire: Wire, { code, message }: SpanStatus): void {
  wire.byte(0x7a);
  const start = wire.lengthLater();
  if (message) writeBytes(wire, 0x12, Buffer.from(message));
  wire.byte(0x18);
  wire.byte(code);
  wire.fillLength(start);
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

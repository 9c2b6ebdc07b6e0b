import type { Attributes, AttributeValue } from '@opentelemetry/api';
import { varintSize, Wire } from './wire';

/** Encoded sets of attributes that can never change again. */
const encoded = new WeakMap<Attributes, Buffer>();
/** `key` fields of KeyValue messages. Declared attributes are few; the limit is for attributes of other libraries. */
const keys = new Map<string, Buffer>();
const MOST_KEYS = 1_000;

/** Tag of a length-delimited field. */
const delimited = (field: number) => (field << 3) | 2;

/** Bytes of a set of attributes that cannot change, for a span: encoded once, however many spans have it. */
export function frozenBytes(attributes: Readonly<Attributes>): Buffer {
  let bytes = encoded.get(attributes);
  if (!bytes) {
    bytes = attributeBytes(attributes, 9);
    encoded.set(attributes, bytes);
  }
  return bytes;
}

/** Bytes that `writeAttribute` will write. */
function attributeSize(key: string, value: AttributeValue): number {
  const size = keyValueSize(key, value);
  return 1 + varintSize(size) + size;
}

/** Writes one attribute of a span, or of the message that `tag` names. */
export function writeAttribute(wire: Wire, key: string, value: AttributeValue, tag = delimited(9)): void {
  wire.byte(tag);
  wire.varint(keyValueSize(key, value));
  wire.raw(keyBytes(key));
  wire.byte(delimited(2));
  wire.varint(valueSize(value));
  writeValue(wire, value);
}

/** A set of attributes as OTLP encodes it: repeated KeyValue messages in the field of that number. */
export function attributeBytes(attributes: Attributes, field: number): Buffer {
  const entries = Object.entries(attributes).filter((entry) => isValue(entry));
  const size = entries.reduce((sum, [key, value]) => sum + attributeSize(key, value), 0);
  const wire = new Wire(Buffer.allocUnsafeSlow(size));
  for (const [key, value] of entries) writeAttribute(wire, key, value, delimited(field));
  return wire.bytes;
}

/** Callers without types can pass anything; what is not a value is left out, as in the SDK. */
function isValue(entry: [string, AttributeValue | undefined]): entry is [string, AttributeValue] {
  return entry[1] !== undefined && entry[1] !== null;
}

function keyBytes(key: string): Buffer {
  let bytes = keys.get(key);
  if (!bytes) {
    const size = Buffer.byteLength(key);
    const wire = new Wire(Buffer.allocUnsafeSlow(1 + varintSize(size) + size));
    wire.byte(delimited(1));
    wire.varint(size);
    wire.text(key, size);
    bytes = wire.bytes;
    if (keys.size < MOST_KEYS) keys.set(key, bytes);
  }
  return bytes;
}

function keyValueSize(key: string, value: AttributeValue): number {
  const size = valueSize(value);
  return keyBytes(key).length + 1 + varintSize(size) + size;
}

/** Bytes of an AnyValue message. */
function valueSize(value: AttributeValue | null | undefined): number {
  if (typeof value === 'string') {
    const size = Buffer.byteLength(value);
    return 1 + varintSize(size) + size;
  }
  if (typeof value === 'boolean') return 2;
  if (typeof value === 'number') {
    if (!isInt64(value)) return 9;
    return value < 0 ? 11 : 1 + varintSize(value);
  }
  if (!Array.isArray(value)) return 0;
  const size = arraySize(value);
  return 1 + varintSize(size) + size;
}

function writeValue(wire: Wire, value: AttributeValue | null | undefined): void {
  if (typeof value === 'string') {
    const size = Buffer.byteLength(value);
    wire.byte(delimited(1));
    wire.varint(size);
    wire.text(value, size);
  } else if (typeof value === 'boolean') {
    wire.byte(2 << 3);
    wire.byte(value ? 1 : 0);
  } else if (typeof value === 'number') {
    if (isInt64(value)) {
      wire.byte(3 << 3);
      wire.int64(value);
    } else {
      wire.byte((4 << 3) | 1);
      wire.double(value);
    }
  } else if (Array.isArray(value)) {
    wire.byte(delimited(5));
    wire.varint(arraySize(value));
    for (const item of value) {
      wire.byte(delimited(1));
      wire.varint(valueSize(item));
      writeValue(wire, item);
    }
  }
}

function arraySize(items: (string | number | boolean | null | undefined)[]): number {
  return items.reduce<number>((sum, item) => {
    const size = valueSize(item);
    return sum + 1 + varintSize(size) + size;
  }, 0);
}

function isInt64(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

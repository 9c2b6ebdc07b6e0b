import { InvalidPayload } from './invalid-payload';
import { double, integer, record, records, text, type WireRecord } from './wire-value';

/** The value of an attribute, as a program would write it. Bytes are base64; integers too large for a number, text. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | AttributeValue[]
  | { [key: string]: AttributeValue };

export type Attributes = Record<string, AttributeValue>;

/** Values inside values, at most: a sender cannot use up the stack. */
const DEEPEST = 16;

/** Plain attributes from OTLP's list of keys and values. */
export function attributes(value: unknown, depth = 0): Attributes {
  // Without a prototype, so that a key named __proto__ is a key like any other.
  const plain: Attributes = Object.create(null);
  for (const pair of records(value, 'attributes')) {
    plain[text(pair.key, 'an attribute key')] = anyValue(pair.value, depth);
  }
  return { ...plain };
}

/** One value. */
export function anyValue(value: unknown, depth = 0): AttributeValue {
  if (depth > DEEPEST) throw new InvalidPayload('an attribute is nested too deeply');
  const any: WireRecord = record(value ?? undefined, 'an attribute value');
  if ('stringValue' in any) return text(any.stringValue, 'a stringValue');
  if ('boolValue' in any) return any.boolValue === true;
  if ('intValue' in any) return safe(integer(any.intValue, 'an intValue'));
  if ('doubleValue' in any) return double(any.doubleValue, 'a doubleValue');
  if ('arrayValue' in any) {
    const { values } = record(any.arrayValue, 'an arrayValue');
    return records(values, 'an arrayValue').map((item) => anyValue(item, depth + 1));
  }
  if ('kvlistValue' in any) return attributes(record(any.kvlistValue, 'a kvlistValue').values, depth + 1);
  if ('bytesValue' in any) return base64(any.bytesValue);
  return null;
}

function safe(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function base64(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : text(value, 'a bytesValue');
}

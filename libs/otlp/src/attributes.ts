import { InvalidPayload } from './invalid-payload';
import { double, integer, isAbsent, record, records, text } from './wire-value';

/** The value of an attribute, as a program would write it. Bytes become base64; integers too large for a number, text. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | AttributeValue[]
  | { [key: string]: AttributeValue };

export type Attributes = Record<string, AttributeValue>;

/** Maximum nesting of values, so that a sender cannot exhaust the stack. */
const DEEPEST = 16;

/** Plain attributes from OTLP's list of keys and values. */
export function attributes(value: unknown, depth = 0): Attributes {
  // It has no prototype, so that a key named __proto__ is a key like any other.
  const plain: Attributes = Object.create(null);
  for (const pair of records(value, 'attributes')) {
    plain[text(pair.key, 'an attribute key')] = anyValue(pair.value, depth);
  }
  return { ...plain };
}

/** The keys whose values arrived as doubles, even if they are whole numbers: a port must not be one. */
export function doubles(value: unknown): string[] {
  return records(value, 'attributes')
    .filter((pair) => !isAbsent(record(pair.value, 'an attribute value').doubleValue))
    .map((pair) => text(pair.key, 'an attribute key'));
}

/** One value. */
export function anyValue(value: unknown, depth = 0): AttributeValue {
  if (depth > DEEPEST) throw new InvalidPayload('an attribute is nested too deeply');
  const any = record(value, 'an attribute value');
  const has = (field: string) => !isAbsent(any[field]);
  if (has('stringValue')) return text(any.stringValue, 'a stringValue');
  if (has('boolValue')) return any.boolValue === true;
  if (has('intValue')) return safe(integer(any.intValue, 'an intValue'));
  if (has('doubleValue')) return double(any.doubleValue, 'a doubleValue');
  if (has('arrayValue')) {
    const { values } = record(any.arrayValue, 'an arrayValue');
    return records(values, 'an arrayValue').map((item) => anyValue(item, depth + 1));
  }
  if (has('kvlistValue')) return attributes(record(any.kvlistValue, 'a kvlistValue').values, depth + 1);
  if (has('bytesValue')) return base64(any.bytesValue);
  return null;
}

function safe(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function base64(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : text(value, 'a bytesValue');
}

import { InvalidPayload } from './invalid-payload';

/** A message whose fields have not been checked yet. */
export type WireRecord = Record<string, unknown>;

const INTEGER = /^-?\d{1,20}$/;
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const HEX = /^[0-9a-f]*$/;

/** A message; an absent one is an empty one, as in protobuf. In JSON, null counts as absent, here and below. */
export function record(value: unknown, what: string): WireRecord {
  if (isAbsent(value)) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as WireRecord;
  throw new InvalidPayload(`${what} is not an object`);
}

export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** A repeated field. */
export function records(value: unknown, what: string): WireRecord[] {
  return list(value, what).map((item) => record(item, `an item of ${what}`));
}

export function list(value: unknown, what: string): unknown[] {
  if (isAbsent(value)) return [];
  if (Array.isArray(value)) return value;
  throw new InvalidPayload(`${what} is not an array`);
}

export function text(value: unknown, what: string): string {
  if (isAbsent(value)) return '';
  if (typeof value === 'string') return value;
  throw new InvalidPayload(`${what} is not text`);
}

/** A 64-bit integer: text or number in JSON, bigint from protobuf. */
export function integer(value: unknown, what: string): bigint {
  if (isAbsent(value)) return 0n;
  if (typeof value === 'bigint') return value;
  // Beyond the safe integers a number has already lost digits, but the instant it means is still clear enough.
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (typeof value === 'string' && INTEGER.test(value)) return BigInt(value);
  throw new InvalidPayload(`${what} is not an integer`);
}

/** A double; JSON writes those that are not numbers as text, and may write any double so. */
export function double(value: unknown, what: string): number {
  if (isAbsent(value)) return 0;
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  if (typeof value === 'string' && NUMBER.test(value)) return Number(value);
  throw new InvalidPayload(`${what} is not a number`);
}

/**
 * An enum: its number, which OTLP uses in JSON too, or its name, which JSON uses otherwise. Values that later versions
 * may add become the first one.
 *
 * @param prefix of its names, such as `SPAN_KIND_`
 */
export function choice<Name extends string>(
  value: unknown,
  names: readonly [Name, ...Name[]],
  prefix: string,
  what: string,
): Name {
  if (typeof value === 'string' && value.startsWith(prefix)) {
    const name = value.slice(prefix.length);
    return names.find((known) => known === name) ?? names[0];
  }
  return names[Number(integer(value, what))] ?? names[0];
}

/** An id in lower-case hex: text in JSON, bytes from protobuf. Empty if there is none. */
export function hexId(value: unknown, bytes: number, what: string): string {
  const hex =
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : text(value, what).toLowerCase();
  if (hex === '' || (HEX.test(hex) && hex.length === bytes * 2)) return hex;
  throw new InvalidPayload(`${what} is not ${bytes} bytes in hex`);
}

/** An id that must be there. */
export function requiredHexId(value: unknown, bytes: number, what: string): string {
  const id = hexId(value, bytes, what);
  if (id === '' || /^0+$/.test(id)) throw new InvalidPayload(`${what} is missing`);
  return id;
}

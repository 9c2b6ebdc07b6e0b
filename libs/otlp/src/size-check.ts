import { Reader, Type } from 'protobufjs';
import { PayloadTooComplex } from './invalid-payload';

/**
 * Values that a payload may have in total: messages, items of lists and members of objects. Each can be a byte or two,
 * and takes a hundred bytes of memory; a Collector's default batch, 8,192 spans of 20 attributes, has half as many.
 */
const MOST_VALUES = 1_000_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What a value in JSON begins with or follows: `{`, `[` and `,`. */
const OPENING = [0x7b, 0x5b, 0x2c];

/** @throws PayloadTooComplex */
export function checkJsonSize(body: Buffer): void {
  let values = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] as number;
    if (byte === QUOTE) at = endOfText(body, at + 1);
    else if (OPENING.includes(byte)) values++;
  }
  check(values);
}

/** The end of the text that begins here. */
function endOfText(body: Buffer, from: number): number {
  let at = from;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at;
}

/**
 * @param type the message type of the bytes
 * @throws PayloadTooComplex, or a RangeError if they end too early
 */
export function checkProtobufSize(body: Buffer, type: Type): void {
  check(messages(Reader.create(body), body.length, type));
}

/** How many values there are up to `end`. */
function messages(reader: Reader, end: number, type: Type, depth = 0): number {
  if (depth > Reader.recursionLimit) throw new PayloadTooComplex('The payload is nested too deeply.');
  let values = 1;
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = type.fieldsById[tag >>> 3];
    if ((tag & 7) !== 2) {
      if (field) values++;
      reader.skipType(tag & 7);
      continue;
    }
    const length = reader.uint32();
    const inner = field?.resolve().resolvedType;
    const stop = reader.pos + length;
    if (inner instanceof Type) values += messages(reader, stop, inner, depth + 1);
    // A list of numbers is packed into one field.
    else if (field?.repeated) values += length >> 3;
    reader.pos = stop;
  }
  return values;
}

function check(values: number): void {
  if (values > MOST_VALUES)
    throw new PayloadTooComplex(`A payload may have at most ${MOST_VALUES} values; this one has ${values}.`);
}

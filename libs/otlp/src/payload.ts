import { InvalidPayload } from './invalid-payload';
import { checkJsonSize, checkProtobufSize } from './size-check';
import { WIRE } from './wire-schema';
import { record, type WireRecord } from './wire-value';

/** The two encodings of OTLP over HTTP. */
export type OtlpContentType = 'application/json' | 'application/x-protobuf';

/**
 * One request as a plain object in the shape that OTLP gives JSON: camelCase, absent fields left out. What the two
 * encodings write differently is not converted: ids are hex or bytes, 64-bit integers are text or bigint.
 *
 * @param body complete and no longer compressed
 * @throws InvalidPayload
 */
export function readPayload(
  message: 'Traces' | 'Logs' | 'Metrics',
  body: Buffer,
  contentType: OtlpContentType,
): WireRecord {
  try {
    if (contentType === 'application/json') return fromJson(body);
    const type = WIRE.lookupType(message);
    checkProtobufSize(body, type);
    return type.toObject(type.decode(body), { longs: BigInt });
  } catch (error) {
    if (error instanceof InvalidPayload) throw error;
    throw new InvalidPayload(`not OTLP in ${contentType}: ${(error as Error).message}`);
  }
}

function fromJson(body: Buffer): WireRecord {
  checkJsonSize(body);
  // Some programs begin their output with a byte order mark.
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  const request: unknown = JSON.parse(text);
  if (request === null) throw new InvalidPayload('the request is not an object');
  return record(SNAKE_CASE.test(text) ? inCamelCase(request) : request, 'the request');
}

/** Names of fields as in the definition of the messages, which readers of JSON accept too. */
const SNAKE_CASE = /"[a-z]+(_[a-z]+)+"\s*:/;
const DEEPEST = 100;

/** All keys are names of fields, because the keys of attributes are values. */
function inCamelCase(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) throw new InvalidPayload('the request is nested too deeply');
  if (Array.isArray(value)) return value.map((item) => inCamelCase(item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, field]) => [
    key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    inCamelCase(field, depth + 1),
  ]);
  return Object.fromEntries(fields);
}

import { InvalidPayload } from './invalid-payload';
import { WIRE } from './wire-schema';
import { record, type WireRecord } from './wire-value';

/** The two encodings of OTLP over HTTP. */
export type OtlpContentType = 'application/json' | 'application/x-protobuf';

/**
 * One request as a plain object in the shape that OTLP gives JSON: camelCase, absent fields left out. What the two
 * encodings spell differently stays as it came: ids are hex or bytes, 64-bit integers text or bigint.
 *
 * @param body at rest, no longer compressed
 * @throws InvalidPayload
 */
export function readPayload(
  message: 'Traces' | 'Logs' | 'Metrics',
  body: Buffer,
  contentType: OtlpContentType,
): WireRecord {
  try {
    if (contentType === 'application/json') return record(JSON.parse(body.toString('utf8')), 'the request');
    const type = WIRE.lookupType(message);
    return type.toObject(type.decode(body), { longs: BigInt });
  } catch (error) {
    if (error instanceof InvalidPayload) throw error;
    throw new InvalidPayload(`not OTLP in ${contentType}: ${(error as Error).message}`);
  }
}

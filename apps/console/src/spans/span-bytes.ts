import type { DecodedSpan } from '@app/otlp';

/** Approximate bytes of an object without its text: of a span, and of a value among others. */
const SPAN_BYTES = 500;
const VALUE_BYTES = 40;

/** Approximate memory of a span without its resource; text that it shares with other spans counts in full. */
export function spanBytes({ name, scope, service, statusMessage, attributes, events }: DecodedSpan): number {
  return SPAN_BYTES + bytesOf([name, scope, service, statusMessage, attributes, events]);
}

function bytesOf(value: unknown): number {
  if (typeof value === 'string') return VALUE_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return VALUE_BYTES;
  let bytes = VALUE_BYTES;
  for (const [key, inner] of Object.entries(value)) bytes += key.length + bytesOf(inner);
  return bytes;
}

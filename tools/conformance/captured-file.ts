import { readFileSync } from 'node:fs';
import { type DecodedSpan, decodeTraces } from '@app/otlp';

/**
 * Spans of a file: OTLP in JSON, whole or one request per line (as the collector's file exporter writes), or in
 * protobuf where the name ends in .bin or .pb.
 * @throws when the file cannot be read or is not OTLP
 */
export function spansOf(path: string): DecodedSpan[] {
  const content = readFileSync(path);
  if (/\.(bin|pb)$/.test(path)) return decodeTraces(content, 'application/x-protobuf');
  return requests(content.toString('utf8')).flatMap((request) =>
    decodeTraces(Buffer.from(request), 'application/json'),
  );
}

function requests(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.every((line) => line.trim().startsWith('{"')) ? lines : [text];
}

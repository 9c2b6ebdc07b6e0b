import { readFileSync } from 'node:fs';
import { Inbox, type Signal } from './inbox';

const FIELDS: Record<string, Signal> = {
  resourceSpans: 'traces',
  resourceMetrics: 'metrics',
  resourceLogs: 'logs',
};

/**
 * The content of files: OTLP in JSON, as one request, in an array or one request per line (as the Collector's file
 * exporter writes), of any signal; or one request in protobuf if the name ends in .bin or .pb: metrics or logs if the
 * name says so, otherwise spans.
 *
 * @throws if a file cannot be read, is not OTLP or contains nothing
 */
export function readFiles(paths: readonly string[]): Inbox {
  const inbox = new Inbox();
  for (const path of paths) {
    try {
      read(path, inbox);
    } catch (error) {
      throw new Error(`${path}: ${(error as Error).message}`);
    }
  }
  if (inbox.isEmpty) throw new Error(`${paths.join(', ')}: no span, data point or log record in it`);
  return inbox;
}

function read(path: string, inbox: Inbox): void {
  const content = readFileSync(path);
  if (/\.(bin|pb)$/.test(path)) {
    const signal = (['metrics', 'logs'] as const).find((name) => path.includes(name)) ?? 'traces';
    return inbox.take(signal, content, 'application/x-protobuf');
  }
  for (const document of documents(content.toString('utf8').replace(/^\uFEFF/, ''))) {
    for (const [field, signal] of Object.entries(FIELDS)) {
      if (!(field in document)) continue;
      const request = JSON.stringify({ [field]: document[field] });
      inbox.take(signal, Buffer.from(request), 'application/json');
    }
  }
}

function documents(text: string): Record<string, unknown>[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const perLine = lines.length > 1 && lines.every((line) => /^\s*\{.*\}\s*$/.test(line));
  const parsed: unknown[] = perLine ? lines.map((line) => JSON.parse(line)) : [JSON.parse(text)].flat();
  return parsed.map((document) => {
    if (typeof document !== 'object' || document === null) throw new Error('it is not OTLP in JSON');
    return document as Record<string, unknown>;
  });
}

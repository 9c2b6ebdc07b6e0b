import { LEVELS, type Level, READER_KEYS, type Reader } from '@app/conformance';
import { UsageError, type Values } from '../command-line';

export const HELP = `Holds spans, metrics and logs against what each backend needs of them, and cites where that is said.

  npm run conformance                      runs the three services, captures their OTLP and judges it
  npm run conformance -- --file PATH       judges telemetry of your own: OTLP in JSON, whole or a request per line,
                                           or in protobuf (.bin, .pb); may be given several times
  npm run conformance -- --listen SECONDS  receives OTLP over HTTP (4318) and gRPC (4317), then judges it; Ctrl-C ends
                                           it early

  --host ADDRESS, --http-port N, --grpc-port N   where --listen listens; 127.0.0.1, 4318 and 4317 by default
  --backend KEY,KEY    only for these: ${columns(READER_KEYS)}
  --level LEVEL        ${LEVELS.join(', ')}: judges rules of that level and above, and fails on all of them;
                       without it all are judged, and only required ones fail
  --outage             what the pages of each backend would chart of it, and where an outage would look healthy
  --collector PATH     sends the spans through the configuration of a Collector first: what it drops and changes
  --json, --junit, --sarif     prints the verdicts in that format
  --rules              prints all rules as the table of docs/conformance.md
  --conventions [DIR]  tells what a release of @opentelemetry/semantic-conventions renames of what is emitted here

Ends with 1 when what was asked for is not so, or nothing came to judge; with 2 when it was asked wrongly.`;

export interface Wanted {
  files: string[];
  listenSeconds?: number;
  host: string;
  httpPort: number;
  grpcPort: number;
  readers?: Reader[];
  level?: Level;
  outage: boolean;
  collector?: string;
  format: 'text' | 'json' | 'junit' | 'sarif';
  rules: boolean;
  conventions?: string;
}

export const CONFORMANCE_OPTIONS = {
  file: { type: 'string', multiple: true },
  listen: { type: 'string' },
  host: { type: 'string' },
  'http-port': { type: 'string' },
  'grpc-port': { type: 'string' },
  backend: { type: 'string', multiple: true },
  level: { type: 'string' },
  outage: { type: 'boolean' },
  // The demo is what is evaluated anyway, without --file and --listen.
  demo: { type: 'boolean' },
  collector: { type: 'string' },
  json: { type: 'boolean' },
  junit: { type: 'boolean' },
  sarif: { type: 'boolean' },
  rules: { type: 'boolean' },
  conventions: { type: 'boolean' },
} as const;

/** @throws UsageError */
export function readWanted(values: Values<typeof CONFORMANCE_OPTIONS>, words: string[]): Wanted {
  if (words.length > 0 && !values.conventions) throw new UsageError(`unknown argument ${words[0]}`);
  const formats = (['json', 'junit', 'sarif'] as const).filter((format) => values[format]);
  if (formats.length > 1) throw new UsageError('choose one of --json, --junit and --sarif');
  if (values.file && values.listen) throw new UsageError('choose one of --file and --listen');
  return {
    files: values.file ?? [],
    listenSeconds: values.listen === undefined ? undefined : numberOf('--listen', values.listen, 1, 86_400),
    host: values.host ?? '127.0.0.1',
    httpPort: numberOf('--http-port', values['http-port'] ?? '4318', 0, 65_535),
    grpcPort: numberOf('--grpc-port', values['grpc-port'] ?? '4317', 0, 65_535),
    readers: readers(values.backend),
    level: level(values.level),
    outage: values.outage ?? false,
    collector: values.collector,
    format: formats[0] ?? 'text',
    rules: values.rules ?? false,
    conventions: values.conventions ? (words[0] ?? '') : undefined,
  };
}

function readers(given: string[] | undefined): Reader[] | undefined {
  if (!given) return undefined;
  const names = given.flatMap((list) => list.split(',')).map((name) => name.trim().toLowerCase());
  const wrong = names.find((name) => !READER_KEYS.includes(name as Reader));
  if (wrong !== undefined)
    throw new UsageError(`no backend ${wrong || '(empty)'}: ${READER_KEYS.join(', ')}`);
  return names as Reader[];
}

function level(given: string | undefined): Level | undefined {
  if (given === undefined) return undefined;
  const found = LEVELS.find((candidate) => candidate === given);
  if (!found) throw new UsageError(`no level ${given}: ${LEVELS.join(', ')}`);
  return found;
}

function numberOf(option: string, given: string, least: number, most: number): number {
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= least && value <= most) return value;
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}, not ${given}`);
}

function columns(keys: readonly string[]): string {
  const lines: string[] = [''];
  for (const key of keys) {
    const last = lines.at(-1) ?? '';
    if (last.length + key.length > 66) lines.push(key);
    else lines[lines.length - 1] = last ? `${last}, ${key}` : key;
  }
  return lines.join(',\n                       ');
}

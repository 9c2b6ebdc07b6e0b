import type { DecodedSpan } from '@app/otlp';
import type { Reader } from '../readers/readers';

/** How a reader computes its numbers of database calls from spans. */
interface Chart {
  reader: Reader;
  /** Where the reader shows them. */
  title: string;
  /** Whether it counts a span as a database call. */
  counts(span: DecodedSpan): boolean;
  /** Upper bounds of its latency buckets in milliseconds; undefined if it computes percentiles from the spans. */
  bucketsMs?: readonly number[];
}

const has =
  (...names: string[]) =>
  ({ attributes }: DecodedSpan) =>
    names.some((name) => attributes[name] !== undefined);
const client = (counts: Chart['counts']) => (span: DecodedSpan) => span.kind === 'CLIENT' && counts(span);
const either = has('db.system.name', 'db.system');

/** Each one follows the sources of its rules; Jaeger has no charts of databases. */
export const CHARTS: readonly Chart[] = [
  { reader: 'coralogix-catalog', title: 'database catalog', counts: client(has('db.system')) },
  {
    reader: 'coralogix-span-metrics',
    title: 'metrics of the chart’s preset for databases',
    counts: has('db.system'),
    bucketsMs: [0.1, 1, 2, 2.5, 4, 6, 10, 100, 250],
  },
  {
    reader: 'coralogix-apm',
    title: 'databases of APM v2',
    counts: client((span) => has('db.system')(span) && has('db.namespace')(span)),
  },
  { reader: 'datadog', title: 'inferred database', counts: client(either) },
  { reader: 'new-relic', title: 'Databases page', counts: client(has('db.system')) },
  {
    reader: 'elastic',
    title: 'dependency',
    counts: (span) =>
      span.kind !== 'SERVER' && span.kind !== 'CONSUMER' && span.parentSpanId !== '' && either(span),
  },
  {
    reader: 'signoz',
    title: 'database calls',
    counts: (span) => span.kind !== 'SERVER' && has('db.system')(span),
  },
  { reader: 'dynatrace', title: 'database calls', counts: client(either) },
  {
    reader: 'tempo',
    title: 'edge of the service graph',
    counts: client(has('db.namespace', 'db.name', 'db.system')),
    // The reader's own default, in doubling steps from 100 ms to 12.8 s.
    bucketsMs: [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800],
  },
  {
    reader: 'service-graph-connector',
    title: 'edge of the service graph',
    counts: client(has('db.name')),
    bucketsMs: [2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1_000, 1_400, 2_000, 5_000, 10_000, 15_000],
  },
  { reader: 'x-ray', title: 'node of the service map', counts: client(has('db.system', 'db.name')) },
  {
    reader: 'azure-monitor',
    title: 'dependencies',
    counts: client((span) => has('db.system.name')(span) && !has('http.request.method')(span)),
  },
  { reader: 'splunk', title: 'Database Query Performance', counts: client(either) },
  {
    reader: 'skywalking',
    title: 'calls of a remote side',
    counts: client((span) => either(span) && has('net.peer.name', 'peer.service')(span)),
  },
];

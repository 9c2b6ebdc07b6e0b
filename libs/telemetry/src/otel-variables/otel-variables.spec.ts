import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { otelProblems, otelVariableTable } from './otel-problems';

const SIGNALS = ['', 'TRACES_', 'METRICS_', 'LOGS_'];
const otlp = (part: string, good: string, bad: string): [string, string, string][] =>
  SIGNALS.map((signal) => [`OTEL_EXPORTER_OTLP_${signal}${part}`, good, bad]);
const batch = (prefix: string) =>
  ['SCHEDULE_DELAY', 'EXPORT_TIMEOUT', 'MAX_QUEUE_SIZE', 'MAX_EXPORT_BATCH_SIZE'].map(
    (part): [string, string, string] => [`OTEL_${prefix}_${part}`, '100', 'many'],
  );
const limit = (name: string): [string, string, string] => [`OTEL_${name}_LIMIT`, '0', '-1'];

/**
 * From the specification ("Environment Variable Specification", "OTLP exporter"): a value that works, one that does
 * not.
 */
const SPECIFIED: [name: string, good: string, bad: string][] = [
  ['OTEL_SDK_DISABLED', 'true', 'yes'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'a=b,c=d%20e', 'a'],
  ['OTEL_LOG_LEVEL', 'debug', 'loud'],
  ['OTEL_PROPAGATORS', 'tracecontext,b3', 'tracecontext,xray'],
  ['OTEL_TRACES_SAMPLER', 'always_off', 'jaeger_remote'],
  ...batch('BSP'),
  ...batch('BLRP'),
  limit('ATTRIBUTE_VALUE_LENGTH'),
  limit('ATTRIBUTE_COUNT'),
  limit('SPAN_ATTRIBUTE_VALUE_LENGTH'),
  limit('SPAN_ATTRIBUTE_COUNT'),
  limit('SPAN_EVENT_COUNT'),
  limit('SPAN_LINK_COUNT'),
  limit('EVENT_ATTRIBUTE_COUNT'),
  limit('LINK_ATTRIBUTE_COUNT'),
  limit('LOGRECORD_ATTRIBUTE_VALUE_LENGTH'),
  limit('LOGRECORD_ATTRIBUTE_COUNT'),
  ['OTEL_TRACES_EXPORTER', 'otlp', 'zipkin'],
  ['OTEL_METRICS_EXPORTER', 'otlp,prometheus', 'console'],
  ['OTEL_LOGS_EXPORTER', 'none', 'otlp,console'],
  ['OTEL_METRIC_EXPORT_INTERVAL', '1000', '0'],
  ['OTEL_METRIC_EXPORT_TIMEOUT', '1000', '1e3'],
  ...otlp('ENDPOINT', 'https://collector.example.org:4318/otlp', 'collector.example.org:4318'),
  ...otlp('PROTOCOL', 'http/json', 'thrift'),
  ...otlp('HEADERS', 'api-key=a%3Db, x=y', 'api-key'),
  ...otlp('INSECURE', 'true', 'perhaps'),
  ...otlp('CERTIFICATE', __filename, '/nowhere.pem'),
  ...otlp('COMPRESSION', 'gzip', 'zstd'),
  ...otlp('TIMEOUT', '10000', 'ten'),
  ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'delta', 'both'],
  [
    'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    'base2_exponential_bucket_histogram',
    'exponential',
  ],
];

describe('each variable of the specification', () => {
  it.each(SPECIFIED)('%s works as %s, and is reported when it is %s', (name, good, bad) => {
    expect(otelProblems({ [name]: good })).toEqual([]);
    expect(otelProblems({ [name]: bad })).toEqual([expect.stringContaining(name)]);
    expect(otelProblems({ [name]: '' })).toEqual([]);
  });

  it.each([
    'OTEL_ENTITIES',
    'OTEL_METRICS_EXEMPLAR_FILTER',
    'OTEL_EXPORTER_PROMETHEUS_HOST',
    'OTEL_EXPORTER_PROMETHEUS_PORT',
    'OTEL_EXPORTER_ZIPKIN_ENDPOINT',
    'OTEL_EXPORTER_ZIPKIN_TIMEOUT',
    'OTEL_CONFIG_FILE',
    'OTEL_EXPORTER_JAEGER_ENDPOINT',
    'OTEL_TRACES_SAMPLER_ARGUMENT',
  ])('%s has no effect, and says so', (name) => {
    expect(otelProblems({ [name]: '1' })).toEqual([expect.stringContaining(name)]);
  });

  it('may depend on another', () => {
    const ratio = (sampler: string, share: string) =>
      otelProblems({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share });
    expect(ratio('traceidratio', '0.25')).toEqual([]);
    expect(ratio('parentbased_traceidratio', '25')).toHaveLength(1);
    expect(ratio('always_on', '0.25')).toHaveLength(1);
    const client = { OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: __filename };
    expect(otelProblems(client)).toHaveLength(1);
    expect(otelProblems({ ...client, OTEL_EXPORTER_OTLP_CLIENT_KEY: __filename })).toEqual([]);
    const grpc = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' };
    expect(otelProblems(grpc)).toEqual([]);
    expect(otelProblems({ ...grpc, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' })).toHaveLength(1);
  });

  it('is shown with its value, except headers, which may be secrets', () => {
    expect(otelProblems({ OTEL_EXPORTER_OTLP_HEADERS: 'secret' }).join()).not.toContain('secret');
    expect(otelProblems({ OTEL_TRACES_SAMPLER: 'xray' }).join()).toContain('OTEL_TRACES_SAMPLER=xray');
  });

  it('is in the documentation', () => {
    const page = readFileSync(join(__dirname, '../../../../docs/telemetry.md'), 'utf8');
    const [, table] = /<!-- variables -->\n([\s\S]*?)\n*<!-- \/variables -->/.exec(page) ?? [];
    // Out of date? npm run build && node dist/tools/attribute-table/attribute-table.js prints it again.
    expect(table?.trim()).toBe(otelVariableTable());
  });
});

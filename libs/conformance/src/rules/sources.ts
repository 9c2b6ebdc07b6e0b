import type { Source } from '../rule';

const CONVENTIONS = 'https://github.com/open-telemetry/semantic-conventions/blob/v1.45.0/docs';
const read = (address: string, asOf = 'read 2026-11-28'): Source => ({ address, asOf });

/** Where the rules come from. Code is cited at its commit, a page with the day on which it was read. */
export const SOURCES = {
  databaseSpans: read(`${CONVENTIONS}/db/database-spans.md`, 'v1.45.0'),
  databaseMetrics: read(`${CONVENTIONS}/db/database-metrics.md`, 'v1.45.0'),
  httpSpans: read(`${CONVENTIONS}/http/http-spans.md`, 'v1.45.0'),
  httpMetrics: read(`${CONVENTIONS}/http/http-metrics.md`, 'v1.45.0'),
  recordingErrors: read(`${CONVENTIONS}/general/recording-errors.md`, 'v1.45.0'),
  exceptions: read(`${CONVENTIONS}/exceptions/exceptions-logs.md`, 'v1.45.0'),
  service: read(`${CONVENTIONS}/resource/service.md`, 'v1.45.0'),
  traceApi: read('https://opentelemetry.io/docs/specs/otel/trace/api/'),
  protocol: read(
    'https://github.com/open-telemetry/opentelemetry-proto/blob/v1.9.0/opentelemetry/proto/trace/v1/trace.proto',
    'v1.9.0',
  ),
  metricsProtocol: read(
    'https://github.com/open-telemetry/opentelemetry-proto/blob/v1.9.0/opentelemetry/proto/metrics/v1/metrics.proto',
    'v1.9.0',
  ),
  logsDataModel: read('https://opentelemetry.io/docs/specs/otel/logs/data-model/'),
  coralogixCatalog: read('https://coralogix.com/docs/user-guides/apm/features/database-monitoring/'),
  coralogixApm: read('https://coralogix.com/docs/user-guides/apm-v2/databases/'),
  coralogixSpanMetrics: read(
    'https://github.com/coralogix/opentelemetry-helm-charts/blob/main/charts/opentelemetry-collector/templates/_config.tpl',
  ),
  datadog: read(
    'https://github.com/DataDog/datadog-agent/blob/093b43b8da1e8970bf21de60666e2c8fc268889e/pkg/trace/semantics/mappings.json',
    '093b43b8da1e',
  ),
  datadogSpans: read(
    'https://github.com/DataDog/datadog-agent/blob/06caa4f6a489df6d50a0e9298e3b271625f30c8d/pkg/trace/traceutil/otel_util.go',
    '06caa4f6a489',
  ),
  newRelic: read(
    'https://docs.newrelic.com/docs/more-integrations/open-source-telemetry-integrations/opentelemetry/view-your-data/opentelemetry-database-page',
  ),
  elastic: read(
    'https://github.com/elastic/opentelemetry-collector-components/blob/main/processor/elasticapmprocessor/internal/enrichments/internal/elastic/span.go',
  ),
  elasticServer: read(
    'https://github.com/elastic/apm-data/blob/0012afdd1fc3210fbfd58a24775550924f0728d1/input/otlp/traces.go',
    '0012afdd1fc3',
  ),
  signoz: read('https://signoz.io/docs/apm-and-distributed-tracing/database-calls'),
  signozExporter: read(
    'https://github.com/SigNoz/signoz-otel-collector/blob/main/exporter/clickhousetracesexporter/clickhouse_exporter_v3.go',
  ),
  dynatrace: read(
    'https://docs.dynatrace.com/docs/discover-dynatrace/references/semantic-dictionary/model/trace',
  ),
  jaeger: read('https://www.jaegertracing.io/docs/latest/architecture/'),
  tempo: read(
    'https://github.com/grafana/tempo/blob/main/modules/generator/processor/servicegraphs/servicegraphs.go',
  ),
  serviceGraphConnector: read(
    'https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/main/connector/servicegraphconnector/connector.go',
  ),
  xRaySql: read(
    'https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/1ca0305c83b4aef4193c6322f8b60b2a4a9135b0/exporter/awsxrayexporter/internal/translator/sql.go',
    '1ca0305c83b4',
  ),
  xRaySegment: read(
    'https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/05acd2aa3b1341d06f55e8c3fd4e0107409b2916/exporter/awsxrayexporter/internal/translator/segment.go',
    '05acd2aa3b13',
  ),
  azureMonitor: read(
    'https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/main/exporter/azuremonitorexporter/trace_to_envelope.go',
  ),
  splunk: read(
    'https://help.splunk.com/splunk-observability-cloud/monitor-application-performance/monitor-database-query-performance/reference-for-database-query-performance',
  ),
  skywalking: read(
    'https://github.com/apache/skywalking/blob/0dd6e595b53c51a21867a3b2601b616e40f7a2e7/oap-server/server-receiver-plugin/otel-receiver-plugin/src/main/java/org/apache/skywalking/oap/server/receiver/otel/otlp/OpenTelemetryTraceHandler.java',
    '0dd6e595b53c',
  ),
} satisfies Record<string, Source>;

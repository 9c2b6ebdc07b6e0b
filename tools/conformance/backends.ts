import type { Backend } from '@app/telemetry';

/** Who reads our spans, under the name that people know, and where that one says what it needs. */
export const BACKENDS: Record<Backend, { title: string; source: string }> = {
  'coralogix-catalog': {
    title: 'Coralogix database catalog',
    source: 'https://coralogix.com/docs/user-guides/apm/features/database-monitoring/',
  },
  'coralogix-span-metrics': {
    title: 'Coralogix span metrics',
    source: 'https://github.com/coralogix/telemetry-shippers (spanMetrics preset of the collector chart)',
  },
  'coralogix-apm': {
    title: 'Coralogix APM v2 databases',
    source: 'https://coralogix.com/docs/user-guides/apm-v2/databases/',
  },
  datadog: { title: 'Datadog', source: 'https://docs.datadoghq.com/opentelemetry/correlate/dbm_and_traces' },
  'new-relic': {
    title: 'New Relic',
    source:
      'https://docs.newrelic.com/docs/more-integrations/open-source-telemetry-integrations/opentelemetry/view-your-data/opentelemetry-database-page',
  },
  elastic: {
    title: 'Elastic',
    source: 'https://github.com/elastic/apm-data (input/otlp/traces.go)',
  },
  signoz: { title: 'SigNoz', source: 'https://signoz.io/docs/apm-and-distributed-tracing/database-calls' },
  dynatrace: {
    title: 'Dynatrace',
    source: 'https://docs.dynatrace.com/docs/discover-dynatrace/references/semantic-dictionary/model/trace',
  },
  jaeger: { title: 'Jaeger', source: 'https://www.jaegertracing.io/docs/latest/' },
  opentelemetry: {
    title: 'OpenTelemetry stable conventions',
    source: 'https://opentelemetry.io/docs/specs/semconv/db/database-spans/',
  },
};

/** The readers of telemetry, under the names that people know. */
export const READERS = {
  opentelemetry: 'OpenTelemetry stable conventions',
  'coralogix-catalog': 'Coralogix database catalog',
  'coralogix-span-metrics': 'Coralogix span metrics',
  'coralogix-apm': 'Coralogix APM v2 databases',
  datadog: 'Datadog',
  'new-relic': 'New Relic',
  elastic: 'Elastic',
  signoz: 'SigNoz',
  dynatrace: 'Dynatrace',
  jaeger: 'Jaeger',
  tempo: 'Grafana Tempo service graph',
  'service-graph-connector': 'Service graph of the OpenTelemetry Collector and Grafana Alloy',
  'x-ray': 'AWS X-Ray',
  'azure-monitor': 'Azure Monitor, by the exporter of the Collector',
  splunk: 'Splunk Observability Cloud',
  skywalking: 'Apache SkyWalking',
} as const;

export type Reader = keyof typeof READERS;

export const READER_KEYS = Object.keys(READERS) as Reader[];

/** Readers that cannot be checked from what is public, and why. */
export const NOT_EVALUATED: Record<string, string> = {
  'Grafana Cloud Application Observability':
    'which attributes its pages ask for is in no public code; its service graph is that of Tempo',
  'Azure Monitor, by its own distros':
    'each language maps attributes in an exporter of its own; the one of the Collector is judged',
  'Dynatrace metrics':
    'it takes delta temporality alone, and a capture does not show whether a Collector converts on the way',
  'Google Cloud Trace': 'it shows spans as they are and has no database page that asks for attributes',
  Honeycomb: 'it shows any attribute; nothing that it needs of a database span is written down',
  'Instana, AppDynamics, IBM, ServiceNow': 'their readers of OTLP are not public',
  Sentry: 'its reader of OTLP spans changes monthly and its needs are not written down',
};

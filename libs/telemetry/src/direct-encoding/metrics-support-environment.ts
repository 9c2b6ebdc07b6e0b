/** Whether direct histograms, which have fixed buckets, are all that the environment asks for. */
export function directHistogramsAreEnough(environment: NodeJS.ProcessEnv = process.env): boolean {
  const aggregation = environment.OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION;
  return aggregation !== 'base2_exponential_bucket_histogram';
}

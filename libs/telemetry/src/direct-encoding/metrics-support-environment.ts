/** Whether histograms that count directly are all the environment asks for: with fixed buckets, as ours are made. */
export function directHistogramsAreEnough(environment: NodeJS.ProcessEnv = process.env): boolean {
  const aggregation = environment.OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION;
  return aggregation !== 'base2_exponential_bucket_histogram';
}

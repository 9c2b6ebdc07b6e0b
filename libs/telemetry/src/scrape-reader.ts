import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { type MetricData, type MetricProducer, MetricReader } from '@opentelemetry/sdk-metrics';
import { openMetrics, unitSuffix } from './open-metrics';

/** Text formats of metrics: that of Prometheus, and OpenMetrics, which has exemplars. */
export type ScrapeFormat = 'prometheus' | 'openmetrics';

/** All metrics of this process as text, collected on request. */
export class ScrapeReader extends MetricReader {
  // Each sample omits the name of the scope: there is only one, and every rule would have to drop it.
  private readonly serializer = new PrometheusSerializer(undefined, false, undefined, false, true);

  /** @param metricProducers sources of metrics besides the SDK */
  constructor(metricProducers: MetricProducer[]) {
    super({ metricProducers });
  }

  async scrape(format: ScrapeFormat): Promise<string> {
    const { resourceMetrics } = await this.collect();
    if (format === 'openmetrics') return openMetrics(resourceMetrics);
    const scopeMetrics = resourceMetrics.scopeMetrics.map((scope) => ({
      ...scope,
      metrics: scope.metrics.map(withUnit),
    }));
    return this.serializer.serialize({ ...resourceMetrics, scopeMetrics });
  }

  protected override async onShutdown(): Promise<void> {}

  protected override async onForceFlush(): Promise<void> {}
}

/** The names that a collector would give to the same metrics, so that one rule works for both. */
function withUnit(metric: MetricData): MetricData {
  const { name, unit } = metric.descriptor;
  return { ...metric, descriptor: { ...metric.descriptor, name: name + unitSuffix(unit) } };
}

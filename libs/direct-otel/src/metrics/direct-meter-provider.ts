import type { Histogram, Meter, MeterOptions, MeterProvider, MetricOptions } from '@opentelemetry/api';
import type { DirectHistograms } from './direct-histograms';

/** The SDK's meters, except that histograms count directly. */
export class DirectMeterProvider implements MeterProvider {
  constructor(
    private readonly sdk: MeterProvider,
    private readonly histograms: DirectHistograms,
  ) {}

  getMeter(scope: string, version?: string, options?: MeterOptions): Meter {
    const meter = this.sdk.getMeter(scope, version, options);
    const createHistogram = (name: string, settings?: MetricOptions): Histogram =>
      this.histograms.create({ name: scope, version }, name, settings);
    return Object.assign(Object.create(meter), { createHistogram });
  }
}

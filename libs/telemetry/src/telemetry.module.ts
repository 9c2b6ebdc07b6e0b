import { Global, Module } from '@nestjs/common';
import { MetricService } from 'nestjs-otel';
import { MetricsController } from './metrics.controller';

/** Makes instruments injectable and the metrics readable. The SDK itself is started before Nest. */
@Global()
@Module({ controllers: [MetricsController], providers: [MetricService], exports: [MetricService] })
export class TelemetryModule {}

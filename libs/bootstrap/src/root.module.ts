import { Configuration } from '@app/configuration';
import { HealthDetails } from '@app/health';
import { Telemetry, TelemetryModule } from '@app/telemetry';
import {
  type DynamicModule,
  Global,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type Type,
} from '@nestjs/common';

/** Shows in /health what the backend did not take, and sends the last spans when everything else has ended. */
@Injectable()
class TelemetryLifetime implements OnApplicationShutdown {
  constructor(
    private readonly telemetry: Telemetry,
    health: HealthDetails,
  ) {
    health.add('telemetry', () => ({ value: telemetry.exported, degrades: false }));
  }

  onApplicationShutdown(): Promise<void> {
    return this.telemetry.shutdown();
  }
}

@Global()
@Module({})
class RootModule {}

/** The service's module with what is known only at start: the configuration and the started telemetry. */
export function rootModule(module: Type, configuration: Configuration, telemetry: Telemetry): DynamicModule {
  return {
    module: RootModule,
    imports: [module, TelemetryModule],
    providers: [
      { provide: Configuration, useValue: configuration },
      { provide: Telemetry, useValue: telemetry },
      TelemetryLifetime,
    ],
    exports: [Configuration, Telemetry],
  };
}

import { Configuration } from '@app/configuration';
import type { Telemetry } from '@app/telemetry';
import { type DynamicModule, Global, Module, type OnApplicationShutdown, type Type } from '@nestjs/common';

/** Sends the last spans when everything else has ended. */
class TelemetryEnd implements OnApplicationShutdown {
  constructor(private readonly telemetry: Telemetry) {}

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
    imports: [module],
    providers: [
      { provide: Configuration, useValue: configuration },
      { provide: TelemetryEnd, useValue: new TelemetryEnd(telemetry) },
    ],
    exports: [Configuration],
  };
}

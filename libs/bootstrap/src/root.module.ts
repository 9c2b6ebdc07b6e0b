import { setTimeout } from 'node:timers/promises';
import { Configuration } from '@app/configuration';
import { HealthDetails } from '@app/health';
import type { ProcessParts } from '@app/http';
import { LostLogLines, Shutdown } from '@app/lifecycle';
import { Telemetry, TelemetryModule } from '@app/telemetry';
import { type DynamicModule, Global, Injectable, Module, type Type } from '@nestjs/common';

/** Shows in /health what the backend did not accept, and sends the last spans when everything else has ended. */
@Injectable()
class TelemetryLifetime {
  constructor(telemetry: Telemetry, health: HealthDetails, shutdown: Shutdown) {
    health.add('telemetry', () => ({ value: telemetry.exported, degrades: false }));
    shutdown.at('telemetry', () => telemetry.shutdown());
  }
}

/** Shows in /health how many lines of the log could not be written. */
@Injectable()
class LogLosses {
  constructor(lost: LostLogLines, health: HealthDetails) {
    health.add('log', () => ({ value: { lost: lost.count, reason: lost.reason }, degrades: false }));
  }
}

@Global()
@Module({})
class RootModule {}

/** What is known only when the process starts. */
interface StartedParts extends ProcessParts {
  configuration: Configuration;
  telemetry: Telemetry;
}

/** The service's module together with what is known only when the process starts. */
export function rootModule(module: Type, parts: StartedParts): DynamicModule {
  const { configuration, telemetry, shutdown, lostLogLines } = parts;
  shutdown.at('drain', () => setTimeout(configuration.SHUTDOWN_DRAIN_MS));
  return {
    module: RootModule,
    imports: [module, TelemetryModule],
    providers: [
      { provide: Configuration, useValue: configuration },
      { provide: Telemetry, useValue: telemetry },
      { provide: Shutdown, useValue: shutdown },
      { provide: LostLogLines, useValue: lostLogLines },
      TelemetryLifetime,
      LogLosses,
    ],
    exports: [Configuration, Telemetry, Shutdown],
  };
}

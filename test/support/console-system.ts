import { ALL_SERVICES, type ServiceKey, urlVariable } from '@app/configuration';
import type { RunningService } from './running-service';
import { freePort, System } from './system';

/** A system with its console, which receives what the services measure. */
export class ConsoleSystem {
  private constructor(
    readonly system: System,
    readonly services: Record<ServiceKey, RunningService>,
    readonly console: RunningService,
    /** Port of its OTLP receiver. */
    readonly otlpPort: number,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<ConsoleSystem> {
    const system = await System.start();
    const otlpPort = await freePort();
    const telemetry = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${otlpPort}`,
      OTEL_BSP_SCHEDULE_DELAY: '200',
    };
    const started = await Promise.all(
      ALL_SERVICES.map(async ({ key }) => [key, await system.service(key, telemetry)] as const),
    );
    const console = await system.service('console', {
      CONSOLE_OTLP_PORT: String(otlpPort),
      ...Object.fromEntries(started.map(([key, { url }]) => [urlVariable(key), url])),
      ...environment,
    });
    const services = Object.fromEntries(started) as Record<ServiceKey, RunningService>;
    return new ConsoleSystem(system, services, console, otlpPort);
  }

  /** The services and the console as arguments of a command. */
  get arguments(): string[] {
    return Object.entries(this.services).flatMap(([key, { url }]) => [`--${key}`, url]);
  }

  stop(): Promise<void> {
    return this.system.stop();
  }
}

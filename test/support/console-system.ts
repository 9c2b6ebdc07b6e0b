import type { RunningService } from './running-service';
import { freePort, System } from './system';

/** A system with its console, which gets what the services measure. */
export class ConsoleSystem {
  private constructor(
    readonly system: System,
    readonly services: Record<'product' | 'inventory' | 'order', RunningService>,
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
    const [product, inventory, order] = await Promise.all([
      system.service('product', telemetry),
      system.service('inventory', telemetry),
      system.service('order', telemetry),
    ]);
    const console = await system.service('console', {
      CONSOLE_OTLP_PORT: String(otlpPort),
      PRODUCT_URL: product.url,
      INVENTORY_URL: inventory.url,
      ORDER_URL: order.url,
      ...environment,
    });
    return new ConsoleSystem(system, { product, inventory, order }, console, otlpPort);
  }

  /** The services and the console as arguments of a command. */
  get arguments(): string[] {
    const { product, inventory, order } = this.services;
    return ['--product', product.url, '--inventory', inventory.url, '--order', order.url];
  }

  stop(): Promise<void> {
    return this.system.stop();
  }
}

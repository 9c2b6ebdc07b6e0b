import { LoadTotals, OpenLoad } from '@app/load';
import type { ClientConfig } from 'pg';
import type { RunningService } from '../support/running-service';
import { System } from '../support/system';

/** Services under load, on a PostgreSQL of their own. */
export class World {
  private constructor(
    readonly system: System,
    readonly services: Record<'product' | 'inventory' | 'order', RunningService>,
  ) {}

  static async start(): Promise<World> {
    // Without flushes, no commit could be slow.
    const system = await System.start({ settings: ['fsync=on'] });
    const [product, inventory, order] = await Promise.all([
      system.service('product'),
      system.service('inventory'),
      system.service('order'),
    ]);
    system.offerRestart(inventory);
    return new World(system, { product, inventory, order });
  }

  /** The load of the demo. */
  load(perSecond: number, seed: number): OpenLoad {
    const totals = new LoadTotals();
    const { product, inventory, order } = this.services;
    const targets = { product: product.url, inventory: inventory.url, order: order.url };
    const load = new OpenLoad({ seed, targets, totals: () => totals, spans: () => undefined });
    load.setRate(perSecond);
    return load;
  }

  /** How the observer connects. */
  get observer(): ClientConfig {
    const { host, port, database, controlUser: user, controlPassword: password } = this.system.settings;
    return { host, port, database, user, password };
  }

  async stop(): Promise<void> {
    await this.system.stop();
  }
}

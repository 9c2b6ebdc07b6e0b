import type { Random } from '@app/load';
import { eventually } from '../support/eventually';
import type { RunningService } from '../support/running-service';
import type { System } from '../support/system';

/** Troubles around two replicas of inventory-service, one after the other at random. */
export class Troubles {
  /** Number of troubles so far. */
  count = 0;

  private constructor(
    private readonly system: System,
    private readonly random: Random,
    /** The replicas that run now; the replacement of one that was killed takes its index. */
    readonly replicas: RunningService[],
  ) {}

  static async start(system: System, random: Random): Promise<Troubles> {
    const replicas = await Promise.all([system.service('inventory'), system.service('inventory')]);
    return new Troubles(system, random, replicas);
  }

  /** Makes the next trouble, and resolves with its name. */
  async next(): Promise<string> {
    this.count++;
    const kinds = [
      () => this.hold(),
      () => this.slowDown(),
      () => this.reset(),
      () => this.endSessions(),
      () => this.kill(),
      () => this.restartPostgres(),
    ];
    // The first kinds are the cheap ones, and come more often.
    const kind = kinds[Math.floor(this.random.next() ** 1.5 * kinds.length)] as () => Promise<string>;
    return kind();
  }

  /** Ends all troubles. */
  async heal(): Promise<void> {
    await eventually(async () => {
      const { status } = await this.any().post('/demo/reset');
      if (status !== 200) throw new Error(`reset answered ${status}`);
    });
  }

  private async hold(): Promise<string> {
    const connections = this.random.between(90, 100);
    await this.ask('/demo/simulate-pool-exhaustion', { connections });
    return `${connections} connections held`;
  }

  private async slowDown(): Promise<string> {
    const delay_ms = this.random.between(1, 50);
    await this.ask('/demo/enable-slow-queries', { delay_ms });
    return `each statement ${delay_ms} ms slower`;
  }

  private async reset(): Promise<string> {
    await this.ask('/demo/reset');
    return 'reset';
  }

  private async endSessions(): Promise<string> {
    const ended = await this.system.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ($1, $2) AND pid % 2 = $3`,
      [this.system.settings.user, this.system.settings.controlUser, this.random.between(0, 1)],
    );
    return `${ended.length} sessions ended`;
  }

  private async kill(): Promise<string> {
    const index = this.random.between(0, this.replicas.length - 1);
    await this.replicas[index]?.stop('SIGKILL');
    this.replicas[index] = await this.system.service('inventory');
    return 'a replica was killed and started again';
  }

  private async restartPostgres(): Promise<string> {
    const mode = this.random.between(0, 1) ? 'fast' : 'immediate';
    await this.system.restartPostgres(mode);
    return `PostgreSQL restarted (${mode})`;
  }

  /** If a fault cannot be switched on because of another trouble, that is not an error. */
  private async ask(path: string, settings?: object): Promise<void> {
    await this.any()
      .post(path, settings)
      .catch(() => undefined);
  }

  private any(): RunningService {
    return this.replicas[this.random.between(0, this.replicas.length - 1)] as RunningService;
  }
}

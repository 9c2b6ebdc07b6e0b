import { Configuration } from '@app/configuration';
import { type ConnectionOwner, INSTANCE, SharedBudget } from '@app/database';
import { Problem } from '@app/problem';
import { Injectable, Logger } from '@nestjs/common';
import { DeclaredFaults } from './declared-faults';
import type { PoolExhaustionDto } from './dto/pool-exhaustion.dto';
import type { SlowQueriesDto } from './dto/slow-queries.dto';
import { Faults } from './faults';
import { HolderLock } from './holder-lock';
import { PoolExhaustionFault } from './pool-exhaustion.fault';
import { SlowQueriesFault } from './slow-queries.fault';

/** Milliseconds without progress that the answer waits for the proof that connections are held, and free again. */
const HOLD_PATIENCE_MS = 2_000;
const RESET_PATIENCE_MS = 150;

/** Switches the faults of this service, for all its replicas, and answers with what that did. */
@Injectable()
export class FaultSwitch {
  private readonly logger = new Logger(FaultSwitch.name);

  constructor(
    private readonly declared: DeclaredFaults,
    private readonly faults: Faults,
    private readonly slowQueries: SlowQueriesFault,
    private readonly poolExhaustion: PoolExhaustionFault,
    private readonly lock: HolderLock,
    private readonly budget: SharedBudget,
    private readonly configuration: Configuration,
  ) {}

  async slowDown({ ttl_seconds, delay_ms }: SlowQueriesDto) {
    this.log(this.slowQueries.name, { delay_ms, ttl_seconds });
    await this.declared.declare(this.slowQueries.name, { delay_ms }, ttl_seconds);
    await this.faults.reconcile();
    return this.faults.statusOf(this.slowQueries);
  }

  async exhaust({ ttl_seconds, connections }: PoolExhaustionDto) {
    await this.requireWithinBudget(connections);
    this.log(this.poolExhaustion.name, { connections, ttl_seconds });
    await this.faults.change(async () => {
      const holder = await this.chooseHolder();
      await this.declared.declare(this.poolExhaustion.name, { connections, holder }, ttl_seconds);
    });
    const wanted = () => this.faults.statusOf(this.poolExhaustion).enabled;
    await this.poolExhaustion.proven(connections, HOLD_PATIENCE_MS, wanted);
    return this.faults.statusOf(this.poolExhaustion);
  }

  async reset() {
    this.logger.log('a reset was asked for');
    const stopped = await this.declared.withdraw();
    await this.faults.reconcile();
    await this.poolExhaustion.proven(0, RESET_PATIENCE_MS);
    const active_connections = this.budget.view?.active_connections;
    return { stopped, active_connections };
  }

  private log(fault: string, settings: object): void {
    this.logger.log({ message: 'a fault was asked for', fault, ...settings });
  }

  private async requireWithinBudget(connections: number): Promise<void> {
    const budget =
      (await this.budget.lookAfresh())?.max_connections ?? this.configuration.DB_CONNECTION_BUDGET;
    const most = Math.min(budget, this.configuration.DB_POOL_MAX);
    if (connections <= most) return;
    throw Problem.ofFields([
      { field: 'connections', detail: `connections must not be greater than ${most}, the budget` },
    ]);
  }

  /** The process that holds the connections: this one, or the replica that holds some already. */
  private async chooseHolder(): Promise<string> {
    let owner: ConnectionOwner | undefined;
    // Nobody has it any more when it was given up just now.
    while (!owner) {
      if (await this.lock.take()) return INSTANCE;
      owner = await this.lock.owner();
    }
    if (owner.service === this.configuration.SERVICE_NAME) return owner.instance;
    const name = owner.service;
    throw new Problem('fault-held-elsewhere', `${name} holds connections already; reset it there first.`, {
      held_by: name,
    });
  }
}

import { SharedBudget } from '@app/database';
import { Problem } from '@app/problem';
import { Injectable, Logger } from '@nestjs/common';
import { DeclaredFaults } from './declared-faults';
import type { Fault } from './fault';
import { FaultList } from './fault-list';
import { FaultReconciler } from './fault-reconciler';
import type { StartRequest } from './fault-settings';
import { FaultsInForce } from './faults-in-force';

/** Starts and stops the faults of this service, on all its replicas, and returns what that did. */
@Injectable()
export class FaultSwitch {
  private readonly logger = new Logger(FaultSwitch.name);

  constructor(
    private readonly faults: FaultList,
    private readonly declared: DeclaredFaults,
    private readonly reconciler: FaultReconciler,
    private readonly inForce: FaultsInForce,
    private readonly budget: SharedBudget,
  ) {}

  /** @throws Problem when the fault is not available here, or not possible right now */
  async start(fault: Fault, { ttl_seconds, ...asked }: StartRequest) {
    const missing = await fault.unavailable();
    if (missing) throw new Problem('fault-not-available', `NOT AVAILABLE: ${missing}`);
    this.logger.log({ message: 'a fault was asked for', fault: fault.name, ...asked, ttl_seconds });
    await this.reconciler.change(async () => {
      await this.declared.declare(fault.name, await fault.declare(asked), ttl_seconds);
    });
    const declaration = this.inForce.declarationOf(fault.name);
    if (declaration) await fault.proven(declaration, () => this.inForce.has(fault.name));
    return this.inForce.statusOf(fault);
  }

  /** Ends one fault of this service, or all of them. */
  async stop(only?: Fault) {
    this.logger.log({ message: 'a reset was asked for', ...(only && { fault: only.name }) });
    const stopped = await this.declared.withdraw(only?.name);
    await this.reconciler.reconcile();
    const ended = this.faults.all.filter(({ name }) => stopped.includes(name));
    await Promise.all(ended.map((fault) => fault.proven(undefined, () => true)));
    await this.budget.refresh();
    return { stopped, active_connections: this.budget.view?.active_connections };
  }
}

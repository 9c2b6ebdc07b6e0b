import { Configuration } from '@app/configuration';
import { type BudgetView, ControlConnection, INSTANCE, SharedBudget } from '@app/database';
import { Injectable } from '@nestjs/common';
import { DeclaredFaults, FAULTS_CHANGED } from './declared-faults';
import type { Declaration, Fault } from './fault';
import { FaultList } from './fault-list';
import { FaultReports } from './fault-reports';
import { FaultsInForce } from './faults-in-force';

/** Milliseconds until a table that could not be read is read again. */
const READ_AGAIN_AFTER_MS = 1_000;

/** Makes the faults of this process match what is declared for the service, whenever either may have changed. */
@Injectable()
export class FaultReconciler {
  /** Changes run one after the other. */
  private queue: Promise<void> = Promise.resolve();
  private again = false;
  private first = true;
  /** `performance.now()` of the latest attempt to read what is declared. */
  private readAt = Number.NEGATIVE_INFINITY;
  private stopped = false;

  constructor(
    private readonly faults: FaultList,
    private readonly declared: DeclaredFaults,
    private readonly inForce: FaultsInForce,
    private readonly reports: FaultReports,
    control: ControlConnection,
    private readonly budget: SharedBudget,
    private readonly configuration: Configuration,
  ) {
    control.on('up', () => void this.reconcile().catch(() => undefined));
    control.on('notice', ({ topic, service }) => {
      if (topic === FAULTS_CHANGED && service === configuration.SERVICE_NAME)
        void this.reconcile().catch(() => undefined);
    });
    budget.on('view', (view) => {
      this.watch(view);
      this.readAgain();
      reports.reportEffects();
    });
  }

  /** Reads what is declared and applies it. Calls run one after the other; calls that are waiting share one run. */
  reconcile(): Promise<void> {
    if (this.again) return this.queue;
    this.again = true;
    const before = this.queue.catch(() => undefined);
    this.queue = before.then(() => {
      this.again = false;
      return this.readAndApply();
    });
    return this.queue;
  }

  /**
   * Runs a change of what is declared, and applies it before any other change: what it relies on is not given back in
   * between. It is applied even if the change fails halfway, so that nothing is kept that nobody declared.
   */
  change(work: () => Promise<void>): Promise<void> {
    const before = this.queue.catch(() => undefined);
    this.queue = before.then(async () => {
      try {
        await work();
      } catch (error) {
        await this.readAndApply().catch(() => undefined);
        throw error;
      }
      await this.readAndApply();
    });
    return this.queue;
  }

  /** Gives everything back before the HTTP server closes, so that the last requests get connections. */
  async release(): Promise<void> {
    this.stopped = true;
    await this.queue.catch(() => undefined);
    for (const fault of this.faults.all) await this.set(fault, undefined);
    const processes = (await this.budget.refresh())?.instances[this.configuration.SERVICE_NAME] ?? [];
    if (processes.every((instance) => instance === INSTANCE))
      await this.declared.withdraw().catch(() => undefined);
  }

  /** To be called when PostgreSQL answers: a table that could not be read may be readable now. */
  private readAgain(): void {
    const pause = performance.now() - this.readAt;
    if (this.declared.unknownBecause && pause > READ_AGAIN_AFTER_MS)
      void this.reconcile().catch(() => undefined);
  }

  private async readAndApply(): Promise<void> {
    if (this.stopped) return;
    this.readAt = performance.now();
    if (this.first) await this.declared.withdrawLeftovers();
    this.first = false;
    const declarations = this.configuration.CHAOS_ENABLED ? await this.declared.read() : [];
    for (const fault of this.faults.all)
      await this.set(
        fault,
        declarations.find(({ fault: name }) => name === fault.name),
      );
  }

  private async set(fault: Fault, declaration: Declaration | undefined): Promise<void> {
    const before = this.inForce.declarationOf(fault.name);
    const effect = before && fault.effect(before);
    if (declaration) this.inForce.set(fault.name, declaration, () => this.expire(fault));
    else this.inForce.delete(fault.name);
    // A notice announces it to all replicas, and makes this process reconcile again.
    if (!(await fault.apply(declaration))) await this.declared.withdraw(fault.name);
    if (declaration && !before) this.reports.started(fault, declaration);
    if (!declaration && before && effect) this.reports.stopped(fault, before, effect);
  }

  /** Ends the fault when its TTL is over, in this process at once, whether PostgreSQL can be reached or not. */
  private expire(fault: Fault): void {
    this.queue = this.queue.catch(() => undefined).then(() => this.set(fault, undefined));
    this.queue.then(() => this.declared.withdrawExpired()).catch(() => undefined);
  }

  private watch(view: BudgetView): void {
    for (const fault of this.faults.all) {
      const declaration = this.inForce.declarationOf(fault.name);
      if (declaration && fault.watch(declaration, view))
        void this.declared.withdraw(fault.name).catch(() => undefined);
    }
  }
}

import { setTimeout } from 'node:timers/promises';
import { Configuration } from '@app/configuration';
import { INSTANCE, SharedBudget } from '@app/database';
import { Injectable, Logger } from '@nestjs/common';
import { type Declaration, Fault, type FaultEffect } from './fault';
import { HeldConnections } from './held-connections';
import { HolderLock } from './holder-lock';

/** Milliseconds for which the other processes are asked to open no connection. */
const ROOM_FOR_MS = 1_500;
/** Milliseconds between two looks while a change takes effect. */
const PROOF_EVERY_MS = 25;

/** Holds connections of the shared budget, so that requests queue and fail. One process of all services at a time. */
@Injectable()
export class PoolExhaustionFault extends Fault {
  readonly name = 'pool-exhaustion';
  private readonly logger = new Logger(PoolExhaustionFault.name);
  private readonly service: string;
  private target = 0;
  private filledAfterMs?: number;

  constructor(
    private readonly held: HeldConnections,
    private readonly lock: HolderLock,
    private readonly budget: SharedBudget,
    configuration: Configuration,
  ) {
    super();
    this.service = configuration.SERVICE_NAME;
  }

  async apply(declaration: Declaration | undefined): Promise<boolean> {
    if (declaration?.settings.holder !== INSTANCE) {
      await this.letGo();
      return true;
    }
    if (!(await this.lock.take())) {
      this.logger.warn('another process took the right to hold connections while this one did not have it');
      await this.letGo();
      return false;
    }
    const target = Number(declaration.settings.connections);
    if (target === this.target) return true;
    this.target = target;
    await this.budget.askForRoom(ROOM_FOR_MS);
    // Not awaited: while PostgreSQL is away it can last as long as the fault itself.
    void this.fill(target);
    return true;
  }

  effect({ settings }: Declaration): FaultEffect {
    const asked = { connections: settings.connections };
    const holding = this.holding;
    const effective = holding === settings.connections;
    const after = this.filledAfterMs === undefined ? '' : ` after ${this.filledAfterMs} ms`;
    const detail = effective
      ? `asked ${settings.connections}, holding ${holding}${after}`
      : `NOT EFFECTIVE: asked ${settings.connections}, holding ${holding}; ${this.obstacle()}`;
    const measured = {
      holding,
      ...(effective && this.filledAfterMs !== undefined && { after_ms: this.filledAfterMs }),
    };
    return { asked, measured, effective, detail };
  }

  /** Connections held for this service, as PostgreSQL counts them. */
  private get holding(): number {
    return this.budget.view?.by_service[this.service]?.held_by_fault ?? 0;
  }

  /**
   * Waits until PostgreSQL counts `connections` held for this service; gives up after `limitMs`, or when they are
   * no longer wanted.
   */
  async proven(connections: number, limitMs: number, wanted = () => true): Promise<void> {
    const deadline = performance.now() + limitMs;
    await this.budget.lookAfresh();
    while (this.holding !== connections && wanted() && performance.now() < deadline) {
      await setTimeout(PROOF_EVERY_MS);
      await this.budget.lookAfresh();
    }
  }

  private async fill(target: number): Promise<void> {
    const started = performance.now();
    this.filledAfterMs = undefined;
    await this.held.hold(target);
    if (this.target !== target) return;
    this.filledAfterMs = Math.round(performance.now() - started);
    await this.budget.announceRoom().catch(() => undefined);
  }

  private async letGo(): Promise<void> {
    const held = this.target > 0;
    this.target = 0;
    this.filledAfterMs = undefined;
    if (held) await this.held.hold(0);
    // Taken also for a hold that was withdrawn before it began. Without a control connection it is gone already.
    await this.lock.giveUp().catch(() => undefined);
    if (held) await this.budget.announceRoom().catch(() => undefined);
  }

  private obstacle(): string {
    const { view } = this.budget;
    if (!view) return 'PostgreSQL has not been asked yet';
    return `${view.active_connections} of ${view.max_connections} connections are taken`;
  }
}

import { setTimeout } from 'node:timers/promises';
import { Configuration } from '@app/configuration';
import { INSTANCE, SharedBudget } from '@app/database';
import { Injectable, Logger } from '@nestjs/common';
import { type Declaration, Fault, type FaultEffect } from './fault';
import { HeldConnections } from './held-connections';
import { HolderLock } from './holder-lock';

/** Milliseconds for which all processes are asked to open no connection but those that are held. */
const ROOM_FOR_MS = 1_500;
/** Milliseconds between two looks while a change takes effect: a look costs the server a tenth of a connection. */
const PROOF_EVERY_MS = 100;
/** Milliseconds of waiting for the proof of a change, however well it goes on. */
const PROOF_LIMIT_MS = 10_000;

/** Holds connections of the shared budget, so that requests queue and fail. One process of all services at a time. */
@Injectable()
export class PoolExhaustionFault extends Fault {
  readonly name = 'pool-exhaustion';
  private readonly logger = new Logger(PoolExhaustionFault.name);
  private readonly service: string;
  private target = 0;
  private filling?: Promise<void>;
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
   * Waits until PostgreSQL counts `connections` held for this service. Gives up when nothing has changed for
   * `patienceMs`, after 10 s in all, or when they are no longer wanted: opening one takes 4 to 14 ms, by the machine.
   */
  async proven(connections: number, patienceMs: number, wanted = () => true): Promise<void> {
    const end = performance.now() + PROOF_LIMIT_MS;
    await this.budget.lookAfresh();
    let counted = this.holding;
    let patientUntil = performance.now() + patienceMs;
    while (counted !== connections && wanted() && performance.now() < Math.min(patientUntil, end)) {
      const pause = setTimeout(PROOF_EVERY_MS);
      await Promise.race([pause, this.filling ?? pause]);
      await this.budget.lookAfresh();
      if (this.holding !== counted) patientUntil = performance.now() + patienceMs;
      counted = this.holding;
    }
  }

  private async fill(target: number): Promise<void> {
    const started = performance.now();
    this.filledAfterMs = undefined;
    const filling = this.held.hold(target);
    this.filling = filling;
    void this.keepRoom(filling);
    await filling;
    if (this.filling === filling) this.filling = undefined;
    if (this.target !== target) return;
    this.filledAfterMs = Math.round(performance.now() - started);
    await this.budget.announceRoom().catch(() => undefined);
  }

  /** Asks for room again and again while connections keep coming: on a slow server one time is not enough. */
  private async keepRoom(filling: Promise<void>): Promise<void> {
    for (let before = 0; ; before = this.held.count) {
      await Promise.race([filling, setTimeout(ROOM_FOR_MS / 2)]);
      if (this.filling !== filling || this.held.count <= before) return;
      await this.budget.askForRoom(ROOM_FOR_MS).catch(() => undefined);
    }
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

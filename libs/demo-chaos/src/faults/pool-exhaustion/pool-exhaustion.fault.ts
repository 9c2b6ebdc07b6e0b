import { setTimeout } from 'node:timers/promises';
import { Configuration } from '@app/configuration';
import { Connections, GIVE_WAY_AT_MOST_MS, ServerLimit, SharedBudget } from '@app/database';
import { Problem } from '@app/problem';
import { Injectable } from '@nestjs/common';
import type { Declaration, FaultEffect } from '../../fault';
import { HeldFault } from '../../holder/held-fault';
import { HolderLocks } from '../../holder/holder-locks';
import { HeldConnections } from './held-connections';
import { PoolExhaustionSettings } from './pool-exhaustion.settings';

/** Milliseconds for which all processes are asked to open only connections that are held. */
const ROOM_FOR_MS = GIVE_WAY_AT_MOST_MS;
/** Milliseconds between two polls while a change takes effect: a poll costs the server a tenth of a connection. */
const PROOF_EVERY_MS = 100;
/** Milliseconds to wait for the proof of a change, however well it progresses. */
const PROOF_LIMIT_MS = 10_000;
/** Percent of the budget that is held when no number is given. */
const USUAL_PERCENT = 95;
/** Milliseconds without progress for which the answer waits for the proof that connections are held, or free again. */
const HOLD_PATIENCE_MS = 2_000;
const RESET_PATIENCE_MS = 150;

/** Holds connections of the shared budget, so that requests queue and fail. One process of all services at a time. */
@Injectable()
export class PoolExhaustionFault extends HeldFault<PoolExhaustionSettings> {
  readonly name = 'pool-exhaustion';
  readonly title = 'Pool exhaustion';
  readonly kind = 'pool';
  readonly summary = 'Holds connections of the budget that all services share';
  readonly settings = PoolExhaustionSettings;
  override readonly routine = true;
  protected readonly holds = 'connections';
  private readonly held: HeldConnections;
  private target = 0;
  private filling?: Promise<void>;
  private filledAfterMs?: number;

  constructor(
    connections: Connections,
    locks: HolderLocks,
    private readonly budget: SharedBudget,
    private readonly server: ServerLimit,
    private readonly configuration: Configuration,
  ) {
    super(locks, configuration.SERVICE_NAME);
    this.held = new HeldConnections(connections, configuration);
  }

  override async declare(
    asked: PoolExhaustionSettings,
  ): Promise<Declaration<PoolExhaustionSettings>['settings']> {
    return super.declare({ ...asked, connections: await this.withinBudget(asked.connections) });
  }

  protected async begin({ connections: target = 0 }: PoolExhaustionSettings): Promise<void> {
    if (target === this.target) return;
    this.target = target;
    await this.budget.askForRoom(ROOM_FOR_MS);
    // Not awaited: while PostgreSQL is down, it can take as long as the fault lasts.
    void this.fill(target);
  }

  protected async end(): Promise<void> {
    const held = this.target > 0;
    this.target = 0;
    this.filledAfterMs = undefined;
    if (!held) return;
    await this.held.hold(0);
    await this.budget.announceRoom().catch(() => undefined);
  }

  effect({ settings }: Declaration<PoolExhaustionSettings>): FaultEffect {
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
   * Waits until PostgreSQL counts what is declared. Gives up when nothing has changed for a while, after 10 s in all,
   * or when it is no longer wanted: opening a connection takes 4 to 14 ms, depending on the machine.
   */
  override async proven(
    declaration: Declaration<PoolExhaustionSettings> | undefined,
    wanted: () => boolean,
  ): Promise<void> {
    const connections = declaration?.settings.connections ?? 0;
    const patienceMs = declaration ? HOLD_PATIENCE_MS : RESET_PATIENCE_MS;
    const end = performance.now() + PROOF_LIMIT_MS;
    await this.budget.refresh();
    let counted = this.holding;
    let patientUntil = performance.now() + patienceMs;
    while (counted !== connections && wanted() && performance.now() < Math.min(patientUntil, end)) {
      const pause = setTimeout(PROOF_EVERY_MS);
      await Promise.race([pause, this.filling ?? pause]);
      await this.budget.refresh();
      if (this.holding !== counted) patientUntil = performance.now() + patienceMs;
      counted = this.holding;
    }
  }

  /** The requested number, or the usual share of the budget. @throws Problem when there is less than was requested */
  private async withinBudget(asked: number | undefined): Promise<number> {
    const budget = (await this.budget.refresh())?.max_connections ?? this.configuration.DB_CONNECTION_BUDGET;
    const most = Math.min(budget, this.configuration.DB_POOL_MAX);
    const connections = asked ?? Math.min(most, Math.max(1, Math.floor((budget * USUAL_PERCENT) / 100)));
    if (connections <= most) return connections;
    throw Problem.ofFields([
      { field: 'connections', detail: `connections must not be greater than ${most}, the budget` },
    ]);
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

  /** Asks for room repeatedly while connections keep coming: on a slow server, once is not enough. */
  private async keepRoom(filling: Promise<void>): Promise<void> {
    for (let before = 0; ; before = this.held.count) {
      await Promise.race([filling, setTimeout(ROOM_FOR_MS / 2)]);
      if (this.filling !== filling || this.held.count <= before) return;
      await this.budget.askForRoom(ROOM_FOR_MS).catch(() => undefined);
    }
  }

  private obstacle(): string {
    const { view } = this.budget;
    if (!view) return 'PostgreSQL has not been asked yet';
    const taken = `${view.active_connections} of ${view.max_connections} connections are taken`;
    return this.server.sentence ? `${taken}; ${this.server.sentence}` : taken;
  }
}

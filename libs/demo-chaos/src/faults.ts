import { Configuration } from '@app/configuration';
import { ControlConnection, INSTANCE, SharedBudget } from '@app/database';
import { HealthDetails } from '@app/health';
import { emitEvent } from '@app/telemetry';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { MetricService } from 'nestjs-otel';
import { DeclaredFaults, FAULTS_CHANGED } from './declared-faults';
import type { Declaration, Fault, FaultEffect } from './fault';
import { PoolExhaustionFault } from './pool-exhaustion.fault';
import { SlowQueriesFault } from './slow-queries.fault';

/** Milliseconds without a sign of the process that holds a fault, until the fault is withdrawn. */
const HOLDER_GONE_AFTER_MS = 5_000;

interface InForce {
  declaration: Declaration;
  endsAt: number;
  toldEffective: boolean;
}

/** Brings the faults of this process in line with what is declared for the service, whenever either may have changed. */
@Injectable()
export class Faults implements BeforeApplicationShutdown {
  private readonly logger = new Logger(Faults.name);
  private readonly all: Fault[];
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private line: Promise<void> = Promise.resolve();
  private again = false;
  private firstLook = true;
  private stopped = false;
  private holderLastSeen = 0;
  /** What is in force here, by the name of the fault, and when it ends on the clock of `performance.now()`. */
  private readonly inForce = new Map<string, InForce>();

  constructor(
    private readonly declared: DeclaredFaults,
    control: ControlConnection,
    private readonly budget: SharedBudget,
    private readonly configuration: Configuration,
    slowQueries: SlowQueriesFault,
    poolExhaustion: PoolExhaustionFault,
    health: HealthDetails,
    metrics: MetricService,
  ) {
    this.all = [slowQueries, poolExhaustion];
    control.on('up', () => void this.reconcile().catch(() => undefined));
    control.on('notice', ({ topic, service }) => {
      if (topic === FAULTS_CHANGED && service === configuration.SERVICE_NAME)
        void this.reconcile().catch(() => undefined);
    });
    budget.on('view', () => {
      this.watchHolder();
      this.tellEffects();
    });
    metrics
      .getObservableGauge('demo.fault.active', {
        unit: '{fault}',
        description: '1 while a fault is on, 0 while it is not',
      })
      .addCallback((result) => {
        for (const { name } of this.all)
          result.observe(this.inForce.has(name) ? 1 : 0, { 'demo.fault.name': name });
      });
    health.add('faults', () => ({ value: this.summary(), degrades: this.inForce.size > 0 }));
  }

  /** Reads what is declared and applies it. Calls run one after the other; calls that wait share one run. */
  reconcile(): Promise<void> {
    if (this.again) return this.line;
    this.again = true;
    const before = this.line.catch(() => undefined);
    this.line = before.then(() => {
      this.again = false;
      return this.readAndApply();
    });
    return this.line;
  }

  /**
   * Runs a change of what is declared, and applies it before any other: what it rests on is not given back meanwhile.
   * Applied also when it fails halfway, so that nothing is kept that nobody declared.
   */
  change(work: () => Promise<void>): Promise<void> {
    const before = this.line.catch(() => undefined);
    this.line = before.then(async () => {
      try {
        await work();
      } catch (error) {
        await this.readAndApply().catch(() => undefined);
        throw error;
      }
      await this.readAndApply();
    });
    return this.line;
  }

  /** Each fault, on or off, with what was asked and what was measured. */
  status() {
    return this.all.map((fault) => this.statusOf(fault));
  }

  statusOf(fault: Fault) {
    const current = this.inForce.get(fault.name);
    if (!current) return { fault: fault.name, enabled: false };
    const expires_in_seconds = Math.max(0, Math.round((current.endsAt - performance.now()) / 1_000));
    const { declaration } = current;
    return {
      fault: fault.name,
      enabled: true,
      ...fault.effect(declaration),
      started_at: declaration.started_at,
      expires_in_seconds,
    };
  }

  /** Lets go of everything before the HTTP server closes, so that the last requests find connections. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.line.catch(() => undefined);
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const fault of this.all) await this.set(fault, undefined);
    const processes = (await this.budget.lookAfresh())?.instances[this.configuration.SERVICE_NAME] ?? [];
    if (processes.every((instance) => instance === INSTANCE))
      await this.declared.withdraw().catch(() => undefined);
  }

  private async readAndApply(): Promise<void> {
    if (this.stopped) return;
    if (this.firstLook) await this.declared.withdrawLeftovers();
    this.firstLook = false;
    const declarations = this.configuration.CHAOS_ENABLED ? await this.declared.read() : [];
    for (const fault of this.all)
      await this.set(
        fault,
        declarations.find(({ fault: name }) => name === fault.name),
      );
  }

  private async set(fault: Fault, declaration: Declaration | undefined): Promise<void> {
    clearTimeout(this.timers.get(fault.name));
    const before = this.inForce.get(fault.name);
    const effect = before && fault.effect(before.declaration);
    if (declaration) {
      const endsAt = performance.now() + declaration.expires_in_ms;
      this.inForce.set(fault.name, { declaration, endsAt, toldEffective: before?.toldEffective ?? false });
      this.timers.set(
        fault.name,
        setTimeout(() => this.expire(fault), declaration.expires_in_ms),
      );
    } else {
      this.inForce.delete(fault.name);
    }
    // Told to all replicas by a notice, which brings this one here again.
    if (!(await fault.apply(declaration))) await this.declared.withdraw(fault.name);
    if (declaration && !before) this.tell('started', fault, declaration);
    if (!declaration && before) this.tell('stopped', fault, before.declaration, effect);
  }

  /** The log line and the event of a change: ground truth for whoever scores how well it was detected. */
  private tell(
    what: 'started' | 'effective' | 'stopped',
    { name }: Fault,
    { settings }: Declaration,
    effect?: FaultEffect,
  ): void {
    const measured = effect?.measured && JSON.stringify(effect.measured);
    this.logger.log({ message: `fault ${what}`, fault: name, settings, measured: effect?.measured });
    emitEvent(`demo.fault.${what}`, `fault ${name} ${what}`, {
      'demo.fault.name': name,
      'demo.fault.service': this.configuration.SERVICE_NAME,
      'demo.fault.settings': JSON.stringify(settings),
      ...(measured && { 'demo.fault.measured': measured }),
    });
  }

  /** Tells once of each fault that it has the effect that was asked for. */
  private tellEffects(): void {
    for (const fault of this.all) {
      const current = this.inForce.get(fault.name);
      if (!current || current.toldEffective) continue;
      const effect = fault.effect(current.declaration);
      if (!effect.effective) continue;
      current.toldEffective = true;
      this.tell('effective', fault, current.declaration, effect);
    }
  }

  /** The end of the TTL: here at once, whether PostgreSQL can be reached or not. */
  private expire(fault: Fault): void {
    this.line = this.line.catch(() => undefined).then(() => this.set(fault, undefined));
    this.line.then(() => this.declared.withdrawExpired()).catch(() => undefined);
  }

  /** A fault whose one holder died (kill -9) ends, although other replicas of the service live on. */
  private watchHolder(): void {
    const holder = this.inForce.get('pool-exhaustion')?.declaration.settings.holder;
    const alive = this.budget.view?.instances[this.configuration.SERVICE_NAME] ?? [];
    if (holder === undefined || alive.includes(String(holder))) this.holderLastSeen = performance.now();
    else if (performance.now() - this.holderLastSeen > HOLDER_GONE_AFTER_MS) {
      this.holderLastSeen = performance.now();
      this.logger.warn('the process that held the connections is gone');
      void this.declared.withdraw('pool-exhaustion').catch(() => undefined);
    }
  }

  private summary() {
    return Object.fromEntries(this.status().map(({ fault, ...rest }) => [fault, rest]));
  }
}

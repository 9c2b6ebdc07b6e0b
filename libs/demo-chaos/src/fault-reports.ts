import { Configuration } from '@app/configuration';
import { HealthDetails } from '@app/health';
import { emitEvent } from '@app/telemetry';
import { Injectable, Logger } from '@nestjs/common';
import { MetricService } from 'nestjs-otel';
import type { Declaration, Fault, FaultEffect } from './fault';
import { FaultList } from './fault-list';
import { FaultsInForce } from './faults-in-force';

/** Tells of the faults that are in force: log lines and events, a gauge, and their part of /health. */
@Injectable()
export class FaultReports {
  private readonly logger = new Logger('Faults');
  /** Faults of which it was told that they have the effect that was asked for. */
  private readonly toldEffective = new Set<string>();

  constructor(
    private readonly faults: FaultList,
    private readonly inForce: FaultsInForce,
    private readonly configuration: Configuration,
    metrics: MetricService,
    health: HealthDetails,
  ) {
    metrics
      .getObservableGauge('demo.fault.active', {
        unit: '{fault}',
        description: '1 while a fault is on, 0 while it is not',
      })
      .addCallback((result) => {
        for (const { name } of faults.all)
          result.observe(inForce.has(name) ? 1 : 0, { 'demo.fault.name': name });
      });
    health.add('faults', () => ({ value: this.summary(), degrades: inForce.any }));
  }

  started(fault: Fault, declaration: Declaration): void {
    this.tell('started', fault, declaration);
  }

  stopped(fault: Fault, declaration: Declaration, effect: FaultEffect): void {
    this.toldEffective.delete(fault.name);
    this.tell('stopped', fault, declaration, effect);
  }

  /** Tells once of each fault that it has the effect that was asked for. */
  tellEffects(): void {
    for (const fault of this.faults.all) {
      const declaration = this.inForce.declarationOf(fault.name);
      if (!declaration || this.toldEffective.has(fault.name)) continue;
      const effect = fault.effect(declaration);
      if (!effect.effective) continue;
      this.toldEffective.add(fault.name);
      this.tell('effective', fault, declaration, effect);
    }
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

  private summary() {
    return Object.fromEntries(this.inForce.status().map(({ fault, ...rest }) => [fault, rest]));
  }
}

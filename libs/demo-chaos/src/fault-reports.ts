import { Configuration } from '@app/configuration';
import { HealthDetails } from '@app/health';
import { emitEvent } from '@app/telemetry';
import { Injectable, Logger } from '@nestjs/common';
import { MetricService } from 'nestjs-otel';
import type { Declaration, Fault, FaultEffect } from './fault';
import { FaultList } from './fault-list';
import { FaultsInForce } from './faults-in-force';

/** Reports the faults that are in force: log lines and events, a gauge, and their part of /health. */
@Injectable()
export class FaultReports {
  private readonly logger = new Logger('Faults');
  /** Faults that have been reported to have the effect that was asked for. */
  private readonly reportedEffective = new Set<string>();

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
    this.report('started', fault, declaration);
  }

  stopped(fault: Fault, declaration: Declaration, effect: FaultEffect): void {
    this.reportedEffective.delete(fault.name);
    this.report('stopped', fault, declaration, effect);
  }

  /** Reports once for each fault that it has the effect that was asked for. */
  reportEffects(): void {
    for (const fault of this.faults.all) {
      const declaration = this.inForce.declarationOf(fault.name);
      if (!declaration || this.reportedEffective.has(fault.name)) continue;
      const effect = fault.effect(declaration);
      if (!effect.effective) continue;
      this.reportedEffective.add(fault.name);
      this.report('effective', fault, declaration, effect);
    }
  }

  /** The log line and the event of a change: the ground truth for anything that scores how well it was detected. */
  private report(
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

import { forEachService, urlVariable } from '@app/configuration';
import type { ProcessParts } from '@app/http';
import { LostLogLines, Shutdown } from '@app/lifecycle';
import { ServiceClient, ServiceFaults } from '@app/service-client';
import { type DynamicModule, Module } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { BudgetWatch } from './budget/budget-watch';
import { Catalog } from './catalog/catalog';
import { CheckList } from './checks/check-list';
import { ChecksController } from './checks/checks.controller';
import { Observation } from './checks/observation';
import { ConsoleConfiguration } from './configuration/console-configuration';
import { ConformanceController } from './conformance/conformance.controller';
import { ConformanceWatch } from './conformance/conformance-watch';
import { LatestSignals } from './conformance/latest-signals';
import { DatabaseWatch } from './database-watch/database-watch';
import { DiagnosisController } from './diagnosis/diagnosis.controller';
import { DiagnosisWatch } from './diagnosis/diagnosis-watch';
import { EventLog } from './events/event-log';
import { HeadlineWatch } from './headline/headline-watch';
import { HealthController } from './health.controller';
import { LiveController } from './live/live.controller';
import { LiveFeed } from './live/live-feed';
import { LiveViews } from './live/live-view';
import { ConsoleLoad } from './load/console-load';
import { LoadController } from './load/load.controller';
import { LogStore } from './logs/log-store';
import { LogsController } from './logs/logs.controller';
import { PlanReader } from './plans/plan-reader';
import { PlansController } from './plans/plans.controller';
import { Intake } from './receiver/intake';
import { OtlpServer } from './receiver/otlp-server';
import { RunsController } from './scenarios/runs.controller';
import { ScenariosController } from './scenarios/scenarios.controller';
import { Theatre } from './scenarios/theatre';
import { FaultsController } from './services/faults.controller';
import { ServiceWatch } from './services/service-watch';
import { StartedProcesses } from './services/started-processes';
import { SessionsController } from './sessions/sessions.controller';
import { SpanStore } from './spans/span-store';
import { SpansController } from './spans/spans.controller';

/** Milliseconds that a scenario has to switch off what is on when the console stops. */
const CURTAIN_MS = 1_500;

@Module({})
class ConsoleModule {
  constructor(shutdown: Shutdown, parts: ModuleRef) {
    const workers = [ConsoleLoad, LiveFeed, CheckList, ServiceWatch];
    // This happens while the console still answers: a scenario uses it to switch off what it has switched on.
    shutdown.at('release', () => parts.get(Theatre).end(CURTAIN_MS));
    shutdown.at('release', () => {
      for (const worker of workers) parts.get<{ end(): void }>(worker).end();
    });
    shutdown.at('http', () => parts.get(OtlpServer).close());
    shutdown.at('control', () => parts.get(DatabaseWatch).end());
    shutdown.at('telemetry', () => parts.get(ConsoleLoad).flush());
  }
}

/** The console with what is known only when it starts: its configuration, which includes the addresses of the services. */
export function consoleModule(
  configuration: ConsoleConfiguration,
  { shutdown, lostLogLines }: ProcessParts,
): DynamicModule {
  const targets = forEachService(({ key }) => configuration[urlVariable(key)]);
  const client = new ServiceClient(targets, configuration.CHAOS_TOKEN);
  return {
    module: ConsoleModule,
    controllers: [
      HealthController,
      LiveController,
      SpansController,
      FaultsController,
      LoadController,
      ChecksController,
      SessionsController,
      DiagnosisController,
      ConformanceController,
      PlansController,
      LogsController,
      ScenariosController,
      RunsController,
    ],
    providers: [
      { provide: ConsoleConfiguration, useValue: configuration },
      { provide: Shutdown, useValue: shutdown },
      { provide: LostLogLines, useValue: lostLogLines },
      { provide: ServiceClient, useValue: client },
      { provide: ServiceFaults, useValue: new ServiceFaults(client) },
      ...[SpanStore, LogStore, LatestSignals, Catalog, Intake, OtlpServer, ConformanceWatch, PlanReader],
      ...[DatabaseWatch, BudgetWatch, DiagnosisWatch, HeadlineWatch, EventLog],
      ...[ServiceWatch, StartedProcesses, ConsoleLoad, Observation, CheckList],
      ...[LiveViews, LiveFeed, Theatre],
    ],
  };
}

import { type DynamicModule, Module } from '@nestjs/common';
import { BudgetWatch } from './budget/budget-watch';
import { Catalog } from './catalog/catalog';
import { CheckList } from './checks/check-list';
import { ChecksController } from './checks/checks.controller';
import { Observation } from './checks/observed';
import { ConsoleConfiguration } from './configuration/console-configuration';
import { HealthController } from './health.controller';
import { LiveController } from './live/live.controller';
import { LiveFeed } from './live/live-feed';
import { LiveViews } from './live/live-view';
import { ConsoleLoad } from './load/console-load';
import { LoadController } from './load/load.controller';
import { Forwarder } from './receiver/forwarder';
import { Intake } from './receiver/intake';
import { OtlpServer } from './receiver/otlp-server';
import { FaultsController } from './services/faults.controller';
import { ServiceClient } from './services/service-client';
import { ServiceWatch } from './services/service-watch';
import { SpanStore } from './spans/span-store';
import { SpansController } from './spans/spans.controller';

@Module({})
class ConsoleModule {}

/** The console with what is known only at start: its configuration, and with it where the services are. */
export function consoleModule(configuration: ConsoleConfiguration): DynamicModule {
  const { PRODUCT_URL: product, INVENTORY_URL: inventory, ORDER_URL: order, CHAOS_TOKEN } = configuration;
  const client = new ServiceClient({ product, inventory, order }, CHAOS_TOKEN);
  return {
    module: ConsoleModule,
    controllers: [
      HealthController,
      LiveController,
      SpansController,
      FaultsController,
      LoadController,
      ChecksController,
    ],
    providers: [
      { provide: ConsoleConfiguration, useValue: configuration },
      { provide: ServiceClient, useValue: client },
      ...[SpanStore, Catalog, Forwarder, Intake, OtlpServer],
      ...[BudgetWatch, ServiceWatch, ConsoleLoad, Observation, CheckList],
      ...[LiveViews, LiveFeed],
    ],
  };
}

import { Injectable } from '@nestjs/common';
import type { BudgetSeries } from '../budget/budget-history';
import { BudgetWatch } from '../budget/budget-watch';
import { Catalog, type CatalogView } from '../catalog/catalog';
import { CheckList, type ListedCheck } from '../checks/check-list';
import { ConsoleLoad, type LoadView } from '../load/console-load';
import { Forwarder, type ForwardStatistics } from '../receiver/forwarder';
import { Intake } from '../receiver/intake';
import { type ServiceState, ServiceWatch } from '../services/service-watch';
import { type SpanStatistics, SpanStore } from '../spans/span-store';

/** Everything on the page but the slots, which are told twice as often. */
export interface LiveView {
  /** Unix milliseconds. */
  at: number;
  services: ServiceState[];
  catalog: CatalogView;
  history: BudgetSeries;
  load: LoadView;
  checks: ListedCheck[];
  checks_running: boolean;
  spans: SpanStatistics;
  received: { traces: number; metrics: number; logs: number; invalid: number };
  forward: ForwardStatistics;
}

/** Puts together what the parts of the console know. */
@Injectable()
export class LiveViews {
  constructor(
    private readonly services: ServiceWatch,
    private readonly catalog: Catalog,
    private readonly budget: BudgetWatch,
    private readonly load: ConsoleLoad,
    private readonly checks: CheckList,
    private readonly spans: SpanStore,
    private readonly intake: Intake,
    private readonly forwarder: Forwarder,
  ) {}

  view(windowMinutes: number): LiveView {
    return {
      at: Date.now(),
      services: this.services.states,
      catalog: this.catalog.view(windowMinutes),
      history: this.budget.history.series(windowMinutes),
      load: this.load.view,
      checks: this.checks.results,
      checks_running: this.checks.running,
      spans: this.spans.statistics(),
      received: this.intake.statistics,
      forward: this.forwarder.statistics,
    };
  }
}

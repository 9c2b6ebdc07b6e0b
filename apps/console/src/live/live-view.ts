import type { Diagnosis } from '@app/diagnosis';
import type { FaultDescription } from '@app/service-client';
import { Injectable } from '@nestjs/common';
import type { BudgetSeries } from '../budget/budget-history';
import { BudgetWatch } from '../budget/budget-watch';
import { Catalog, type CatalogView, type Choice } from '../catalog/catalog';
import { CheckList, type ListedCheck } from '../checks/check-list';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { DiagnosisWatch } from '../diagnosis/diagnosis-watch';
import { type Band, EventLog } from '../events/event-log';
import type { Headline } from '../headline/headline';
import { HeadlineWatch } from '../headline/headline-watch';
import { gaveUp, type LittlesLaw, littlesLaw } from '../littles-law/littles-law';
import { ConsoleLoad, type LoadView } from '../load/console-load';
import { Intake } from '../receiver/intake';
import type { Story } from '../scenarios/story';
import { Theatre } from '../scenarios/theatre';
import { type ServiceState, ServiceWatch } from '../services/service-watch';
import { type StartedProcess, StartedProcesses } from '../services/started-processes';
import { type SpanStatistics, SpanStore } from '../spans/span-store';

/** Everything on the page except the slots, which are sent twice as often. */
export interface LiveView {
  /** Unix milliseconds. */
  at: number;
  services: ServiceState[];
  /** The faults that can be switched on. */
  faults: FaultDescription[];
  /** As reported by `npm start`; empty if it did not start the console. */
  processes: StartedProcess[];
  catalog: CatalogView;
  history: BudgetSeries;
  diagnosis: Diagnosis;
  headline: Headline;
  /** Faults and named causes with their times, for charts and the list of events. */
  bands: Band[];
  /** Undefined while nothing was measured. */
  littles_law?: LittlesLaw;
  load: LoadView;
  /** The scenario that is being played, or was played last. */
  story?: Story;
  /** Requests each second that waited and got no connection, by service. */
  gave_up: Record<string, number>;
  /** The address of a trace in another product, with {trace_id} in place of its id. */
  trace_url?: string;
  checks: ListedCheck[];
  checks_running: boolean;
  spans: SpanStatistics;
  received: { traces: number; metrics: number; logs: number; invalid: number };
}

/** Combines the state of all parts of the console. */
@Injectable()
export class LiveViews {
  constructor(
    private readonly configuration: ConsoleConfiguration,
    private readonly services: ServiceWatch,
    private readonly processes: StartedProcesses,
    private readonly catalog: Catalog,
    private readonly budget: BudgetWatch,
    private readonly diagnosis: DiagnosisWatch,
    private readonly headline: HeadlineWatch,
    private readonly events: EventLog,
    private readonly load: ConsoleLoad,
    private readonly checks: CheckList,
    private readonly spans: SpanStore,
    private readonly intake: Intake,
    private readonly theatre: Theatre,
  ) {}

  view(choice: Choice): LiveView {
    const { now } = this.diagnosis.windows;
    return {
      at: Date.now(),
      services: this.services.states,
      faults: this.services.faults,
      processes: this.processes.states,
      catalog: this.catalog.view(choice),
      history: this.budget.history.series(choice.windowMinutes),
      diagnosis: this.diagnosis.diagnosis,
      headline: this.headline.headline,
      bands: this.events.bands,
      littles_law: now && littlesLaw(now, this.budget.view.max),
      load: this.load.view,
      story: this.theatre.story,
      gave_up: now ? gaveUp(now) : {},
      trace_url: this.configuration.CONSOLE_TRACE_URL,
      checks: this.checks.results,
      checks_running: this.checks.running,
      spans: this.spans.statistics(),
      received: this.intake.statistics,
    };
  }
}

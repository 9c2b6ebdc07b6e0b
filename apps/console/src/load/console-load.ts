import {
  type Behaviour,
  type MeasuredSpan,
  OpenLoad,
  type OperationFigures,
  RollingTotals,
  spanPayload,
} from '@app/load';
import { ServiceClient } from '@app/service-client';
import { MeasuredSpanExport } from '@app/telemetry';
import { Injectable, Logger } from '@nestjs/common';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { Intake } from '../receiver/intake';
import type { LoadDto } from './load.dto';

const SEED = 1;
/** Milliseconds between two deliveries of spans, like the batches of a service's exporter. */
const DELIVER_EVERY_MS = 500;

/** The load as the page shows it. */
export interface LoadView {
  /** Requested arrivals per second. */
  rate: number;
  paused: boolean;
  /** How its users behave, in the form in which it can be set. */
  hot: Behaviour['hot'];
  give_up_ms: number | null;
  retries: number;
  backoff_ms: number;
  retry_budget_percent: number | null;
  /** Journeys that have no answer yet. */
  under_way: number;
  /** Arrivals dropped in the last minute. */
  dropped: number;
  operations: OperationFigures[];
}

/** Milliseconds that the load continues after the last viewer has left: a page that is being reloaded is back by then. */
const LINGER_MS = 30_000;

/**
 * The load that the console itself makes; its own spans arrive like those of any service. It starts with the first
 * viewer and stops after the last one, so that an unwatched system is at rest; once it was set by hand, it stays as
 * set.
 */
@Injectable()
export class ConsoleLoad {
  private readonly logger = new Logger(ConsoleLoad.name);
  private readonly totals = new RollingTotals();
  private readonly load: OpenLoad;
  private readonly exported: MeasuredSpanExport;
  private readonly timer: NodeJS.Timeout;
  private readonly measured: MeasuredSpan[] = [];
  private rate: number;
  private paused: boolean;
  private watched = false;
  private byHand = false;
  private linger?: NodeJS.Timeout;
  /** Set while another load runs alone. */
  private gaveWay?: NodeJS.Timeout;

  constructor(
    private readonly intake: Intake,
    services: ServiceClient,
    { CONSOLE_LOAD_RATE, CONSOLE_OTLP_PORT }: ConsoleConfiguration,
  ) {
    const report = (level: 'warn' | 'log', text: string) => this.logger[level](text);
    this.exported = new MeasuredSpanExport('load-generator', report, `localhost:${CONSOLE_OTLP_PORT}`);
    this.rate = CONSOLE_LOAD_RATE || 5;
    this.paused = CONSOLE_LOAD_RATE === 0;
    this.load = new OpenLoad({
      seed: SEED,
      targets: services.targets,
      totals: () => this.totals.current(),
      spans: (spans) => this.measured.push(...spans),
    });
    this.timer = setInterval(() => this.deliver(), DELIVER_EVERY_MS);
  }

  end(): void {
    this.load.setRate(0);
    clearInterval(this.timer);
    clearTimeout(this.linger);
    clearTimeout(this.gaveWay);
    this.deliver();
  }

  /** Sends its last spans; never fails. */
  flush(): Promise<void> {
    return this.exported.shutdown();
  }

  /** To be called whenever the first viewer opens the page, or the last one closes it. */
  watch(watched: boolean): void {
    clearTimeout(this.linger);
    if (watched) return this.begin(true);
    this.linger = setTimeout(() => this.begin(false), LINGER_MS);
  }

  /** Changes the given settings and keeps the others. */
  set({ rate = this.rate, paused = this.paused, give_way_seconds, ...change }: LoadDto): void {
    if (give_way_seconds !== undefined) return this.giveWay(give_way_seconds);
    this.rate = rate;
    this.paused = paused;
    this.byHand = true;
    this.load.behaviour = changed(this.load.behaviour, change);
    this.apply();
  }

  private giveWay(seconds: number): void {
    clearTimeout(this.gaveWay);
    this.gaveWay = seconds === 0 ? undefined : setTimeout(() => this.giveWay(0), seconds * 1_000);
    this.apply();
  }

  private begin(watched: boolean): void {
    this.watched = watched;
    this.apply();
  }

  private apply(): void {
    const wanted = !this.paused && !this.gaveWay && (this.watched || this.byHand);
    this.load.setRate(wanted ? this.rate : 0);
  }

  get view(): LoadView {
    const { rate, paused } = this;
    const { hot, giveUpMs, retries, backoffMs, retryBudget } = this.load.behaviour;
    const minute = this.totals.lastMinute();
    return {
      rate,
      paused,
      hot,
      give_up_ms: giveUpMs ?? null,
      retries,
      backoff_ms: backoffMs,
      retry_budget_percent: retryBudget === undefined ? null : retryBudget * 100,
      under_way: this.load.underWay,
      dropped: minute.dropped,
      operations: minute.figures(),
    };
  }

  private deliver(): void {
    if (this.measured.length === 0) return;
    const measured = this.measured.splice(0);
    this.intake.take('traces', spanPayload(measured), 'application/json');
    // OTLP's numbers of the kinds begin at 1.
    this.exported.add(measured.map((span) => ({ ...span, kind: span.kind - 1 })));
  }
}

/** Undefined keeps a setting, null removes a limit. */
function changed(now: Behaviour, change: Omit<LoadDto, 'rate' | 'paused'>): Behaviour {
  const { hot = now.hot, retries = now.retries, backoff_ms: backoffMs = now.backoffMs } = change;
  const { give_up_ms: giveUp, retry_budget_percent: percent } = change;
  return {
    hot,
    retries,
    backoffMs,
    giveUpMs: giveUp === undefined ? now.giveUpMs : (giveUp ?? undefined),
    retryBudget: percent === undefined ? now.retryBudget : percent === null ? undefined : percent / 100,
  };
}

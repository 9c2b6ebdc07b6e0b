import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { Intake } from '../receiver/intake';
import { ServiceClient } from '../services/service-client';
import type { OperationFigures } from './load-totals';
import { OpenLoad } from './open-load';
import { RollingTotals } from './rolling-totals';
import { type MeasuredSpan, spanPayload } from './span-payload';

const SEED = 1;
/** Milliseconds between two deliveries of spans, as a service's exporter collects them. */
const DELIVER_EVERY_MS = 500;

/** The load as the page shows it. */
export interface LoadView {
  /** Arrivals per second that are wanted. */
  rate: number;
  paused: boolean;
  /** Journeys that have no answer yet. */
  under_way: number;
  /** Of the last minute. */
  dropped: number;
  operations: OperationFigures[];
}

/** Milliseconds that the load goes on when nobody looks any more: a page that is loaded again is back by then. */
const LINGER_MS = 30_000;

/**
 * The load that the console itself makes, whose own spans come in like those of any service. It begins when somebody
 * looks and ends when nobody does, so that a system that nobody watches is at rest; once set by hand, it stays so.
 */
@Injectable()
export class ConsoleLoad implements BeforeApplicationShutdown {
  private readonly totals = new RollingTotals();
  private readonly load: OpenLoad;
  private readonly timer: NodeJS.Timeout;
  private measured: MeasuredSpan[] = [];
  private rate: number;
  private paused: boolean;
  private watched = false;
  private byHand = false;
  private linger?: NodeJS.Timeout;

  constructor(
    private readonly intake: Intake,
    services: ServiceClient,
    { CONSOLE_LOAD_RATE }: ConsoleConfiguration,
  ) {
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

  beforeApplicationShutdown(): void {
    this.load.setRate(0);
    clearInterval(this.timer);
    clearTimeout(this.linger);
  }

  /** To be told whenever somebody begins to look, or the last one stops. */
  watch(watched: boolean): void {
    clearTimeout(this.linger);
    if (watched) return this.begin(true);
    this.linger = setTimeout(() => this.begin(false), LINGER_MS);
  }

  /** Changes what is given and leaves the rest. */
  set({ rate = this.rate, paused = this.paused }: { rate?: number; paused?: boolean }): void {
    this.rate = rate;
    this.paused = paused;
    this.byHand = true;
    this.apply();
  }

  private begin(watched: boolean): void {
    this.watched = watched;
    this.apply();
  }

  private apply(): void {
    const wanted = !this.paused && (this.watched || this.byHand);
    this.load.setRate(wanted ? this.rate : 0);
  }

  get view(): LoadView {
    const { rate, paused } = this;
    const minute = this.totals.lastMinute();
    return {
      rate,
      paused,
      under_way: this.load.underWay,
      dropped: minute.dropped,
      operations: minute.figures(),
    };
  }

  private deliver(): void {
    if (this.measured.length === 0) return;
    const payload = spanPayload(this.measured);
    this.measured = [];
    this.intake.take('traces', payload, 'application/json');
    this.intake.forward('traces', payload, 'application/json');
  }
}

import type { Targets } from '@app/service-client';
import { type Behaviour, PATIENT } from './behaviour';
import { nextJourney, type Operation } from './journeys';
import type { LoadTotals, Outcome } from './load-totals';
import { Random } from './random';
import { RetryBudget } from './retry-budget';
import type { MeasuredSpan } from './span-payload';
import { travel } from './travel';

/** Milliseconds after which an arrival counts as late. */
const LATE_MS = 50;
/** Milliseconds after which it is not sent at all: a laptop that slept must not wake up to a flood of requests. */
const TOO_LATE_MS = 1_000;
/** Journeys under way at once, at most. */
const MOST_UNDER_WAY = 2_000;

/** What a load needs to run. */
export interface LoadSettings {
  seed: number;
  targets: Targets;
  /** Returns where to count, for each arrival, given the `performance.now()` at which it was due. */
  totals: (dueAt: number) => LoadTotals;
  /** Gets the spans of each journey. */
  spans: (spans: MeasuredSpan[]) => void;
  /** Called for each journey that has ended. */
  ended?: (journey: EndedJourney) => void;
}

/** A journey that is over. */
export interface EndedJourney {
  operation: Operation;
  outcome: Outcome;
  /** Milliseconds from the moment when it was due. */
  ms: number;
  tries: number;
  traceId: string;
}

/**
 * An open load: users arrive independently of each other and of how long earlier ones take. A load that waits for
 * answers would slow down with the database and hide what its users suffer.
 */
export class OpenLoad {
  private readonly journeys: Random;
  // Separate random numbers, so that the rate does not change which requests are sent.
  private readonly gaps: Random;
  private readonly travelling = new Set<Promise<void>>();
  private readonly budget = new RetryBudget();
  private perSecond = 0;
  private dueAt = 0;
  private endAt = Number.POSITIVE_INFINITY;
  private arrivals = 0;
  private timer?: NodeJS.Timeout;

  /** How users who arrive from now on behave. */
  behaviour: Behaviour;

  constructor(
    private readonly settings: LoadSettings,
    behaviour: Behaviour = PATIENT,
  ) {
    this.behaviour = behaviour;
    this.journeys = new Random(settings.seed);
    this.gaps = new Random(settings.seed ^ 0x5f356495);
  }

  get rate(): number {
    return this.perSecond;
  }

  get underWay(): number {
    return this.travelling.size;
  }

  /**
   * @param perSecond arrivals on average; with 0 nobody arrives
   * @param span when the rate begins and ends, by `performance.now()`. Arrivals due before it are still sent, and none
   * due after it: so the seed decides how many arrive, however busy this process is.
   */
  setRate(perSecond: number, { from = performance.now(), to = Number.POSITIVE_INFINITY } = {}): void {
    clearTimeout(this.timer);
    if (this.perSecond > 0) this.sendDue(Math.min(from, this.endAt));
    this.perSecond = perSecond;
    this.endAt = to;
    if (perSecond === 0) return;
    this.dueAt = from + this.gap();
    this.wait();
  }

  /** Resolves when the last journey under way has ended. */
  async finished(): Promise<void> {
    await Promise.all(this.travelling);
  }

  private wait(): void {
    if (this.dueAt >= this.endAt) return;
    this.timer = setTimeout(() => this.arrive(), Math.max(0, this.dueAt - performance.now()));
  }

  private arrive(): void {
    this.sendDue(Math.min(performance.now(), this.endAt));
    this.wait();
  }

  /** Sends the arrivals that were due before that time. */
  private sendDue(before: number): void {
    while (this.dueAt < before) {
      this.send(this.dueAt);
      this.dueAt += this.gap();
    }
  }

  private send(dueAt: number): void {
    const { behaviour, budget } = this;
    const journey = nextJourney(this.journeys, behaviour.hot);
    const random = new Random(this.settings.seed ^ Math.imul(++this.arrivals, 0x9e3779b1));
    const lateMs = performance.now() - dueAt;
    if (lateMs > TOO_LATE_MS || this.travelling.size >= MOST_UNDER_WAY) {
      this.settings.totals(dueAt).dropped += 1;
      return;
    }
    this.settings.totals(dueAt).sent(journey.operation, lateMs > LATE_MS);
    const user = { behaviour, random, budget };
    const travelled = travel(journey, this.settings.targets, user).then(({ outcome, tries, spans }) => {
      const ms = performance.now() - dueAt;
      this.settings.totals(dueAt).ended(journey.operation, outcome, ms, tries);
      const traceId = spans[0]?.traceId ?? '';
      this.settings.ended?.({ operation: journey.operation, outcome, ms, tries, traceId });
      this.settings.spans(spans);
      this.travelling.delete(travelled);
    });
    this.travelling.add(travelled);
  }

  /** Milliseconds to the next arrival. */
  private gap(): number {
    return this.gaps.exponential(1_000 / this.perSecond);
  }
}

import type { Targets } from '../services/service-targets';
import { nextJourney } from './journeys';
import type { LoadTotals } from './load-totals';
import { Random } from './random';
import type { MeasuredSpan } from './span-payload';
import { travel } from './travel';

/** Milliseconds after which an arrival counts as late. */
const LATE_MS = 50;
/** Milliseconds after which it is not sent at all: a laptop that slept must not wake up to a flood. */
const TOO_LATE_MS = 1_000;
/** Journeys under way at once, at most. */
const MOST_UNDER_WAY = 2_000;

/** What a load needs to run. */
export interface LoadSettings {
  seed: number;
  targets: Targets;
  /** Where to count, asked anew each time. */
  totals: () => LoadTotals;
  /** Gets the spans of each journey. */
  spans: (spans: MeasuredSpan[]) => void;
}

/**
 * An open load: users arrive when they arrive, independently of each other and of how long the ones before them take.
 * A load that waits for answers would slow down with the database and hide what its users suffer.
 */
export class OpenLoad {
  private readonly journeys: Random;
  // Of its own, so that the rate does not change which requests are sent.
  private readonly gaps: Random;
  private readonly travelling = new Set<Promise<void>>();
  private perSecond = 0;
  private dueAt = 0;
  private timer?: NodeJS.Timeout;

  constructor(private readonly settings: LoadSettings) {
    this.journeys = new Random(settings.seed);
    this.gaps = new Random(settings.seed ^ 0x5f356495);
  }

  get rate(): number {
    return this.perSecond;
  }

  get underWay(): number {
    return this.travelling.size;
  }

  /** @param perSecond arrivals on average; 0 lets nobody arrive */
  setRate(perSecond: number): void {
    clearTimeout(this.timer);
    this.perSecond = perSecond;
    if (perSecond === 0) return;
    this.dueAt = performance.now() + this.gap();
    this.wait();
  }

  /** Resolves when the last journey under way has ended. */
  async finished(): Promise<void> {
    await Promise.all(this.travelling);
  }

  private wait(): void {
    this.timer = setTimeout(() => this.arrive(), Math.max(0, this.dueAt - performance.now()));
  }

  private arrive(): void {
    while (this.dueAt <= performance.now()) {
      this.send(this.dueAt);
      this.dueAt += this.gap();
    }
    this.wait();
  }

  private send(dueAt: number): void {
    const journey = nextJourney(this.journeys);
    const lateMs = performance.now() - dueAt;
    if (lateMs > TOO_LATE_MS || this.travelling.size >= MOST_UNDER_WAY) {
      this.settings.totals().dropped += 1;
      return;
    }
    this.settings.totals().sent(journey.operation, lateMs > LATE_MS);
    const travelled = travel(journey, this.settings.targets).then(({ outcome, spans }) => {
      this.settings.totals().ended(journey.operation, outcome, performance.now() - dueAt);
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

import { type Behaviour, type EndedJourney, LoadTotals, OpenLoad } from '@app/load';
import type { Targets } from '@app/service-client';

/** Milliseconds that figures of now look back. */
const RECENT_MS = 3_000;

/** The load of a scenario, counted by the steps in which its users were due. */
export interface PlayedLoad {
  /** From and to by the player's clock. */
  step(rate: number, behaviour: Behaviour, from: number, to: number): void;
  /** Of each step so far. */
  readonly steps: readonly LoadTotals[];
  /** Journeys that ended lately. */
  recent(): readonly EndedJourney[];
  readonly underWay: number;
  /** Lets nobody arrive any more, and waits for those under way. */
  end(): Promise<void>;
}

/** The real one, over HTTP. */
export class HttpLoad implements PlayedLoad {
  readonly steps: LoadTotals[] = [];
  private readonly begins: number[] = [];
  private readonly load: OpenLoad;
  private ended: { at: number; journey: EndedJourney }[] = [];

  /** @param told of each journey that has ended */
  constructor(seed: number, targets: Targets, told: (journey: EndedJourney) => void) {
    this.load = new OpenLoad({
      seed,
      targets,
      totals: (dueAt) => this.of(dueAt),
      spans: () => undefined,
      ended: (journey) => {
        this.ended.push({ at: performance.now(), journey });
        told(journey);
      },
    });
  }

  step(rate: number, behaviour: Behaviour, from: number, to: number): void {
    // Who was due before is still sent as it was, and counted there.
    this.load.setRate(0, { from });
    this.begins.push(from);
    this.steps.push(new LoadTotals());
    this.load.behaviour = behaviour;
    this.load.setRate(rate, { from, to });
  }

  recent(): readonly EndedJourney[] {
    const since = performance.now() - RECENT_MS;
    this.ended = this.ended.filter(({ at }) => at > since);
    return this.ended.map(({ journey }) => journey);
  }

  get underWay(): number {
    return this.load.underWay;
  }

  async end(): Promise<void> {
    this.load.setRate(0);
    await this.load.finished();
  }

  private of(dueAt: number): LoadTotals {
    const index = this.begins.findLastIndex((begin) => begin <= dueAt);
    return this.steps[Math.max(0, index)] as LoadTotals;
  }
}

import type { Progress } from './progress';
import { Supervisor } from './supervisor';

/** Something that runs and must not be left behind. */
export interface Started {
  readonly what: string;
  /** Ends it in order; resolves with whether there was anything to end. */
  stop(): Promise<boolean>;
  /** Ends it at once. */
  kill(): Promise<unknown>;
}

/** The reason why a run ends on request. */
export class StopRequested extends Error {}

/** One run of the starter: what it has begun so far, and how it ends. */
export class StartRun {
  private readonly started: Started[] = [];
  readonly supervisor: Supervisor;
  private readonly end = Promise.withResolvers<never>();

  constructor(readonly progress: Progress) {
    this.supervisor = new Supervisor(progress);
    this.end.promise.catch(() => undefined);
  }

  /** Registers something as soon as it has begun, not when it is ready: a stop may come in between. */
  began(started: Started): void {
    this.started.push(started);
  }

  /** Resolves with the result of some work, unless the run ends first. */
  during<T>(work: Promise<T>): Promise<T> {
    return Promise.race([this.end.promise, work]);
  }

  /** One step of the run, shown on the terminal. */
  step<T>(doing: string, work: () => Promise<T>, done: (result: T) => string): Promise<T> {
    return this.progress.step(doing, () => this.during(work()), done);
  }

  /** Rejects with StopRequested when the run is asked to end. */
  untilEnd(): Promise<never> {
    return this.end.promise;
  }

  requestStop(): void {
    this.end.reject(new StopRequested());
  }

  /** What began last is stopped first: the database ends when nothing uses it any more. */
  async stopAll(): Promise<void> {
    for (const { what, stop } of this.started.toReversed()) {
      await this.progress.step(`stopping ${what}`, stop, (was) => (was ? `${what} stopped` : undefined));
    }
  }

  async killAll(): Promise<void> {
    for (const { kill } of this.started.toReversed()) await kill();
  }
}

import type { Progress } from './progress';
import { Supervisor } from './supervisor';

/** Something that runs and must not be left behind. */
export interface Started {
  readonly what: string;
  /** Ends it in order; says whether there was anything to end. */
  stop(): Promise<boolean>;
  /** Ends it at once. */
  kill(): Promise<unknown>;
}

/** Why a run ends when somebody asked it to. */
export class StopRequested extends Error {}

/** One run of the starter: what it has begun so far, and what ends it. */
export class StartRun {
  private readonly started: Started[] = [];
  readonly supervisor: Supervisor;
  private readonly end = Promise.withResolvers<never>();

  constructor(readonly progress: Progress) {
    this.supervisor = new Supervisor(progress);
    this.end.promise.catch(() => undefined);
  }

  /** Registers something the moment it is begun, not when it is ready: a stop may come in between. */
  began(started: Started): void {
    this.started.push(started);
  }

  /** The result of some work, unless the run ends first. */
  during<T>(work: Promise<T>): Promise<T> {
    return Promise.race([this.end.promise, work]);
  }

  /** One step of the run, told on the terminal. */
  step<T>(doing: string, work: () => Promise<T>, done: (result: T) => string): Promise<T> {
    return this.progress.step(doing, () => this.during(work()), done);
  }

  /** Rejects with StopRequested when somebody asked the run to end. */
  untilEnd(): Promise<never> {
    return this.end.promise;
  }

  requestStop(): void {
    this.end.reject(new StopRequested());
  }

  /** Last begun, first stopped: the database goes when nobody uses it any more. */
  async stopAll(): Promise<void> {
    for (const { what, stop } of this.started.toReversed()) {
      await this.progress.step(`stopping ${what}`, stop, (was) => (was ? `${what} stopped` : undefined));
    }
  }

  async killAll(): Promise<void> {
    for (const { kill } of this.started.toReversed()) await kill();
  }
}

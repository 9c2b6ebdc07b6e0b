/** Milliseconds before the first attempt to start something again, and at most before later ones. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;
/** Milliseconds that a process must have run for it to be started again at once. */
const STEADY_AFTER_MS = 30_000;

/** A process that can be started again and then looks the same to all others: name, port, data. */
export interface Restartable {
  readonly name: string;
  /** Resolves with how its current run ended, such as `signal SIGKILL`. Never rejects. */
  ended(): Promise<string>;
  /** @throws if it does not come up */
  startAgain(): Promise<void>;
}

/** What has happened to a process since the start. */
export interface ProcessState {
  readonly name: string;
  readonly up: boolean;
  /** How often it was started again. */
  readonly restarts: number;
  /** How it last ended, such as `signal SIGKILL`. */
  readonly ended?: string;
  /** Unix milliseconds of that end. */
  readonly ended_at?: number;
}

/** Receives each change, with a sentence for the terminal. */
export type ProcessReporter = (state: ProcessState, sentence: string) => void;

/** Starts a process again whenever it ends by itself, until it is stopped. */
export class KeptAlive {
  private readonly stopping = new AbortController();
  private watching?: Promise<void>;
  private delayMs = FIRST_DELAY_MS;
  private current: ProcessState;

  constructor(
    private readonly kept: Restartable,
    private readonly report: ProcessReporter,
  ) {
    this.current = { name: kept.name, up: true, restarts: 0 };
  }

  get state(): ProcessState {
    return this.current;
  }

  /** To be called when it is up for the first time. */
  watch(): void {
    this.watching ??= this.keepAlive();
  }

  /** Resolves when no attempt to start it is under way any more; the caller stops what runs then. */
  async stop(): Promise<void> {
    this.stopping.abort();
    // If it is up, its end is still to come.
    if (!this.current.up) await this.watching;
  }

  private async keepAlive(): Promise<void> {
    while (!this.stopped) {
      const since = performance.now();
      const how = await this.kept.ended();
      if (this.stopped) return;
      if (performance.now() - since > STEADY_AFTER_MS) this.delayMs = FIRST_DELAY_MS;
      await this.bringBack(how);
    }
  }

  private async bringBack(how: string): Promise<void> {
    const ended = performance.now();
    const { name } = this.kept;
    this.change({ up: false, ended: how, ended_at: Date.now() }, `${name} ended (${how}): starting it again`);
    while (!this.stopped && !this.current.up) {
      await this.backOff();
      if (this.stopped) return;
      try {
        await this.kept.startAgain();
        const after = ((performance.now() - ended) / 1_000).toFixed(1);
        const restarts = this.current.restarts + 1;
        this.change(
          { up: true, restarts },
          `${name} is back after ${after} s (started again ${times(restarts)})`,
        );
      } catch (error) {
        const next = (this.delayMs / 1_000).toFixed(1);
        this.change({}, `${name} did not start, next attempt in ${next} s: ${(error as Error).message}`);
      }
    }
  }

  /** Ends early when it is stopped. */
  private backOff(): Promise<void> {
    const delayMs = this.delayMs;
    this.delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    return new Promise((done) => {
      const timer = setTimeout(done, delayMs);
      this.stopping.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        done();
      });
    });
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private change(change: Partial<ProcessState>, sentence: string): void {
    this.current = { ...this.current, ...change };
    if (!this.stopped) this.report(this.current, sentence);
  }
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

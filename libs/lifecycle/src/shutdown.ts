import { setTimeout as pause } from 'node:timers/promises';

/**
 * The steps in which a process stops, in this order, each with the milliseconds after which the next one begins whether
 * it is done or not. docs/lifecycle.md has the same list, held by a test.
 */
export const STOPPING = {
  /** `/health/ready` answers 503 and `/health` says `down`; each answer closes its connection. */
  'not ready': 1_000,
  /** Requests are still accepted for SHUTDOWN_DRAIN_MS, so that a load balancer notices the readiness. */
  drain: 60_500,
  /** Faults are released, so that the last requests find connections; load and streams to viewers end. */
  release: 2_000,
  /** No new connection is accepted; requests that were accepted are answered. What takes longer is cut off. */
  http: 3_500,
  /** Requests that still wait for a connection are refused; the pool closes its connections. */
  queue: 1_000,
  /** The control connection is closed. */
  control: 1_000,
  /** The last spans, metrics and log records are sent. */
  telemetry: 2_500,
} as const;

export type StoppingStep = keyof typeof STOPPING;

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Whether this process is stopping, and what it does then. */
export class Shutdown {
  private readonly works = new Map<StoppingStep, (() => unknown)[]>();
  private running?: Promise<void>;
  /** True from the signal on. */
  started = false;

  /** @param reportOverdue called with each step that was not done in its time, or failed */
  constructor(private readonly reportOverdue: (step: StoppingStep, why: string) => void) {}

  /** Adds work to a step, done at the same time as everything else of the step. */
  at(step: StoppingStep, work: () => unknown): void {
    this.works.set(step, [...(this.works.get(step) ?? []), work]);
  }

  /**
   * Stops at the first SIGTERM or SIGINT, or when the process that forked this one is gone, and then ends the process
   * with 0. So killing the parent leaves no child behind.
   */
  onSignals(): void {
    const stop = () => void this.run().finally(() => process.exit(0));
    for (const signal of SIGNALS) process.on(signal, stop);
    if (process.send) process.once('disconnect', stop);
  }

  /** Runs all steps; a second call waits for the same run. Never rejects. */
  run(): Promise<void> {
    this.running ??= this.runAll();
    return this.running;
  }

  private async runAll(): Promise<void> {
    this.started = true;
    for (const step of Object.keys(STOPPING) as StoppingStep[]) await this.runStep(step);
  }

  private async runStep(step: StoppingStep): Promise<void> {
    const limit = STOPPING[step];
    const works = (this.works.get(step) ?? []).map(async (work) => work());
    const timer = new AbortController();
    const overdue = pause(limit, 'overdue' as const, { signal: timer.signal, ref: false });
    overdue.catch(() => undefined); // aborted: the step was done in time
    const outcome = await Promise.race([Promise.allSettled(works), overdue]);
    timer.abort();
    if (outcome === 'overdue') return this.reportOverdue(step, `not done after ${limit} ms`);
    for (const one of outcome) if (one.status === 'rejected') this.reportOverdue(step, String(one.reason));
  }
}

const FIRST_GAP_MS = 20;
const LAST_GAP_MS = 250;
const MOST_AT_ONCE = 8;
/** Milliseconds after a refusal in which the shared view is asked before the next try. */
const WARY_MS = 2_000;

/**
 * How eagerly new connections are tried. While the server refuses, one try at a time with growing, random gaps;
 * the first success doubles the width again.
 */
export class ProbePace {
  private pausedUntil = 0;
  private lastRefusal = Number.NEGATIVE_INFINITY;
  private gapMs = FIRST_GAP_MS;
  /** Connections that may be opened at the same time. */
  width = MOST_AT_ONCE;

  get refusedLately(): boolean {
    return performance.now() - this.lastRefusal < WARY_MS;
  }

  /** Milliseconds until the next try. */
  remaining(): number {
    return Math.max(0, this.pausedUntil - performance.now());
  }

  accepted(): void {
    this.gapMs = FIRST_GAP_MS;
    this.width = Math.min(MOST_AT_ONCE, this.width * 2);
  }

  refused(): void {
    this.lastRefusal = performance.now();
    this.width = 1;
    this.pause(this.gapMs * (0.5 + Math.random()));
    this.gapMs = Math.min(LAST_GAP_MS, this.gapMs * 2);
  }

  /** An attempt has no answer yet: one more at a time, and no pause, for it lasts long enough. */
  stuck(): void {
    this.width = 1;
  }

  /** An attempt that was stuck has failed. */
  timedOut(): void {
    this.lastRefusal = performance.now();
    this.width = 1;
  }

  /** No try for `ms`; without a figure, for one or two gaps. */
  pause(ms = FIRST_GAP_MS * (1 + Math.random())): void {
    this.pausedUntil = Math.max(this.pausedUntil, performance.now() + ms);
  }

  reset(): void {
    this.pausedUntil = 0;
    this.gapMs = FIRST_GAP_MS;
  }
}

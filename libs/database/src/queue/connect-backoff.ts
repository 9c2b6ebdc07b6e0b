const FIRST_GAP_MS = 20;
const LAST_GAP_MS = 250;
const MOST_AT_ONCE = 8;
/** Milliseconds after a refusal in which the shared view is asked before the next try. */
const WARY_MS = 2_000;
/** Connections whose opening times are remembered. */
const REMEMBERED = 8;
/** Milliseconds that the first opening may take, which nothing can be compared with. */
const FIRST_OPENING_MS = 50;
/** An opening is late when it takes so many times the fastest of those that are remembered, and so many ms more. */
const LATE_FACTOR = 2;
const LATE_ALLOWANCE_MS = 100;

/**
 * How eagerly new connections are tried. Openings that become slower by being many are made fewer, as TCP does it:
 * half as many at a time after a late one, one more after each in time. A server that is evenly slow makes none of
 * them late. While the server refuses, there is one try at a time with growing, random gaps.
 */
export class ConnectBackoff {
  private pausedUntil = 0;
  private lastRefusal = Number.NEGATIVE_INFINITY;
  private lastNarrowed = Number.NEGATIVE_INFINITY;
  private gapMs = FIRST_GAP_MS;
  private readonly openingTimes: number[] = [];
  /** Connections that may be opened at the same time. */
  width = MOST_AT_ONCE;

  get refusedLately(): boolean {
    return performance.now() - this.lastRefusal < WARY_MS;
  }

  /** Milliseconds that an opening costs at least at present: the fastest of the last ones; 0 before the first. */
  get openingMs(): number {
    return this.openingTimes.length > 0 ? Math.min(...this.openingTimes) : 0;
  }

  /** Milliseconds until the next try. */
  remaining(): number {
    return Math.max(0, this.pausedUntil - performance.now());
  }

  /** @param startedAt `performance.now()` when the attempt began that has brought a connection now */
  accepted(startedAt: number): void {
    const now = performance.now();
    const took = now - startedAt;
    const fastest = this.openingTimes.length > 0 ? Math.min(...this.openingTimes) : FIRST_OPENING_MS;
    const late = took > fastest * LATE_FACTOR + LATE_ALLOWANCE_MS;
    this.openingTimes.push(took);
    if (this.openingTimes.length > REMEMBERED) this.openingTimes.shift();
    this.gapMs = FIRST_GAP_MS;
    if (!late) {
      this.width = Math.min(MOST_AT_ONCE, this.width + 1);
    } else if (startedAt > this.lastNarrowed) {
      // Those that began before it was narrowed say no more than the one that narrowed it.
      this.width = Math.max(1, this.width >> 1);
      this.lastNarrowed = now;
    }
  }

  refused(): void {
    this.lastRefusal = performance.now();
    this.width = 1;
    this.pause(this.gapMs * (0.5 + Math.random()));
    this.gapMs = Math.min(LAST_GAP_MS, this.gapMs * 2);
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

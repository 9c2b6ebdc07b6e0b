import { inBackground } from '@app/telemetry';
import { type Context, context } from '@opentelemetry/api';

/** Milliseconds in which a cause gets one line, however often it occurs. */
export const ONE_LINE_EVERY_MS = 10_000;

interface Held {
  line: (leftOut: number) => void;
  /** The trace of the request that caused the line. */
  context: Context;
  count: number;
}

/**
 * Writes one line for each key at once, and one for the latest of all that came within 10 s after it, which says how
 * many others were left out: lines and `left_out` add up to what happened.
 */
export class LimitedLog {
  private readonly open = new Map<string, { timer: NodeJS.Timeout; held?: Held }>();

  /** @param line writes the line, in the trace that is active now */
  write(key: string, line: (leftOut: number) => void): void {
    const window = this.open.get(key);
    if (!window) {
      line(0);
      this.openWindow(key);
      return;
    }
    const count = (window.held?.count ?? 0) + 1;
    window.held = { line, context: context.active(), count };
  }

  /** Writes the lines that were held back, for example before the process ends. */
  flush(): void {
    for (const { timer, held } of this.open.values()) {
      clearTimeout(timer);
      if (held) writeHeld(held);
    }
    this.open.clear();
  }

  private openWindow(key: string): void {
    const timer = inBackground(() => setTimeout(() => this.close(key), ONE_LINE_EVERY_MS));
    // What is still held back at the end is written by flush().
    timer.unref();
    this.open.set(key, { timer });
  }

  private close(key: string): void {
    const held = this.open.get(key)?.held;
    this.open.delete(key);
    if (!held) return;
    writeHeld(held);
    this.openWindow(key);
  }
}

function writeHeld({ line, context: trace, count }: Held): void {
  context.with(trace, () => line(count - 1));
}

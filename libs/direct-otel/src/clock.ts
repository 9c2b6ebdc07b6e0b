import type { TimeInput } from '@opentelemetry/api';

/** Longest difference between the clocks, in milliseconds, that is let stand. */
const DRIFT_MS = 5;

/** Milliseconds since the epoch when the monotonic clock was 0. */
let origin = performance.timeOrigin;

/** Milliseconds since the epoch, with parts of microseconds. */
export function now(): number {
  return origin + performance.now();
}

/** The monotonic clock knows nothing of corrections of the system's clock: to be called now and then. */
export function followSystemClock(): void {
  const drift = Date.now() - now();
  if (Math.abs(drift) > DRIFT_MS) origin += drift;
}

/** A time as the API takes it: [seconds, nanoseconds], a Date, or milliseconds since the epoch or since the start. */
export function toEpochMs(time: TimeInput): number {
  if (Array.isArray(time)) return time[0] * 1_000 + time[1] / 1e6;
  if (time instanceof Date) return time.getTime();
  return time < performance.timeOrigin ? origin + time : time;
}

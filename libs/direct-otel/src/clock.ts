import type { TimeInput } from '@opentelemetry/api';

/** Largest difference between the clocks, in milliseconds, that is not corrected. */
const DRIFT_MS = 5;

/** Milliseconds since the epoch when the monotonic clock was 0. */
let origin = performance.timeOrigin;

/** Milliseconds since the epoch, with the fraction that the clock has. */
export function now(): number {
  return origin + performance.now();
}

/** To be called now and then, because the monotonic clock does not follow corrections of the system's clock. */
export function followSystemClock(): void {
  const drift = Date.now() - now();
  if (Math.abs(drift) > DRIFT_MS) origin += drift;
}

/** A time as the API accepts it: [seconds, nanoseconds], a Date, or milliseconds since the epoch or since the start. */
export function toEpochMs(time: TimeInput): number {
  if (Array.isArray(time)) return time[0] * 1_000 + time[1] / 1e6;
  if (time instanceof Date) return time.getTime();
  return time < performance.timeOrigin ? origin + time : time;
}

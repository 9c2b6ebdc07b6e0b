import { followSystemClock, now } from '@app/direct-otel';
import type { Targets } from '@app/service-client';
import { insist, type User } from './insist';
import type { Journey } from './journeys';
import type { Outcome } from './load-totals';
import type { Sent } from './send-step';
import { type MeasuredSpan, newSpanId, newTraceId } from './span-payload';

/** How a journey went. */
export interface Travelled {
  outcome: Outcome;
  /** Requests sent, including repeated ones. */
  tries: number;
  spans: MeasuredSpan[];
}

/** Sends the requests of a journey one after the other, in one trace; it ends if a request fails for good. */
export async function travel(
  { operation, steps }: Journey,
  targets: Targets,
  user: User,
): Promise<Travelled> {
  const traceId = newTraceId();
  // A single request is its own trace; several, or several attempts, have a span around them.
  const spanId = steps.length > 1 || user.behaviour.retries > 0 ? newSpanId() : undefined;
  followSystemClock();
  const startMs = now();
  const spans: MeasuredSpan[] = [];
  let last: Sent | undefined;
  for (const step of steps) {
    const tries = await insist(step, targets, { traceId, spanId }, user);
    spans.push(...tries.map(({ span }) => span));
    last = tries.at(-1);
    if (last?.span.failed) break;
  }
  const tries = spans.length;
  const failed = spans.at(-1)?.failed ?? false;
  const endMs = now();
  if (spanId) {
    const attributes = { 'journey.requests': tries };
    spans.unshift({ traceId, spanId, name: operation, kind: 1, startMs, endMs, failed, attributes });
  }
  return { outcome: outcomeOf(last), tries, spans };
}

function outcomeOf({
  status,
  reason,
  gaveUp,
}: Pick<Sent, 'status' | 'reason' | 'gaveUp'> = NOTHING): Outcome {
  if (status >= 200 && status < 300) return 'ok';
  if (status === 409) return 'conflict';
  if (gaveUp) return 'gave_up';
  if (reason === 'lock_timeout') return 'lock_timeout';
  return status === 503 ? 'unavailable' : 'failed';
}

const NOTHING = { status: 0, gaveUp: false };

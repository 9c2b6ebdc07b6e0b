import type { Targets } from '../services/service-targets';
import type { Journey } from './journeys';
import type { Outcome } from './load-totals';
import { sendStep } from './send-step';
import { type MeasuredSpan, newSpanId, newTraceId } from './span-payload';

/** How a journey went. */
export interface Travelled {
  outcome: Outcome;
  spans: MeasuredSpan[];
}

/** Sends the requests of a journey one after the other, in one trace; it ends where a request fails. */
export async function travel({ operation, steps }: Journey, targets: Targets): Promise<Travelled> {
  const traceId = newTraceId();
  // One request is its own trace; several have a span around them.
  const spanId = steps.length > 1 ? newSpanId() : undefined;
  const startMs = Date.now();
  const started = performance.now();
  const spans: MeasuredSpan[] = [];
  let status = 0;
  for (const step of steps) {
    const sent = await sendStep(step, targets, { traceId, spanId });
    spans.push(sent.span);
    status = sent.status;
    if (sent.span.failed) break;
  }
  const failed = spans.at(-1)?.failed ?? false;
  const endMs = startMs + performance.now() - started;
  if (spanId) {
    const attributes = { 'checkout.steps': spans.length };
    spans.unshift({ traceId, spanId, name: operation, kind: 1, startMs, endMs, failed, attributes });
  }
  return { outcome: outcomeOf(status), spans };
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'ok';
  if (status === 409) return 'conflict';
  return status === 503 ? 'unavailable' : 'failed';
}

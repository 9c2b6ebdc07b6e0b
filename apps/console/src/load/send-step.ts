import type { Targets } from '../services/service-targets';
import type { Step } from './journeys';
import { type MeasuredSpan, newSpanId } from './span-payload';

/** Milliseconds after which a request is given up: more than a slow statement behind a full queue takes. */
const TIMEOUT_MS = 15_000;

/** The trace that a request belongs to. */
export interface TraceParent {
  traceId: string;
  spanId?: string;
}

/** Sends one request and measures it. Status 0 means that there was no answer. Never rejects. */
export async function sendStep(
  step: Step,
  targets: Targets,
  parent: TraceParent,
): Promise<{ status: number; span: MeasuredSpan }> {
  const spanId = newSpanId();
  const url = new URL(step.path, targets[step.service]);
  const startMs = Date.now();
  const started = performance.now();
  const status = await statusOf(url, step, `00-${parent.traceId}-${spanId}-01`);
  const endMs = startMs + performance.now() - started;
  const span: MeasuredSpan = {
    traceId: parent.traceId,
    spanId,
    parentSpanId: parent.spanId,
    name: `${step.method} ${step.route}`,
    kind: 3,
    startMs,
    endMs,
    failed: status === 0 || status >= 400,
    attributes: {
      'http.request.method': step.method,
      'url.template': step.route,
      'url.full': url.href,
      'server.address': url.hostname,
      'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
      ...(status > 0 && { 'http.response.status_code': status }),
      ...((status === 0 || status >= 400) && { 'error.type': status === 0 ? 'no_answer' : String(status) }),
    },
  };
  return { status, span };
}

async function statusOf(url: URL, { method, body }: Step, traceparent: string): Promise<number> {
  try {
    const response = await fetch(url, {
      method,
      headers: { traceparent, ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // Read to its end, so that the connection can be used again.
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

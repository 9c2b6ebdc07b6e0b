import { now } from '@app/direct-otel';
import type { Targets } from '@app/service-client';
import type { Step } from './journeys';
import { type MeasuredSpan, newSpanId } from './span-payload';

/** Milliseconds after which a request is given up: more than a slow statement behind a full queue takes. */
const TIMEOUT_MS = 15_000;

/** The trace that a request belongs to. */
export interface TraceParent {
  traceId: string;
  spanId?: string;
}

/** One attempt to send a request. */
export interface Try {
  /** Milliseconds after which the user gives up. */
  giveUpMs?: number;
  /** Its Idempotency-Key. */
  key?: string;
  /** How often it was sent before. */
  resent: number;
}

/** The result of a request. */
export interface Sent {
  /** 0 means that there was no answer. */
  status: number;
  /** Whether there was no answer because the user gave up. */
  gaveUp: boolean;
  /** The `reason` of a problem document, which names the trouble with the database. */
  reason?: string;
  span: MeasuredSpan;
}

/** Sends one request and measures it. Never rejects. */
export async function sendStep(
  step: Step,
  targets: Targets,
  parent: TraceParent,
  attempt: Try = { resent: 0 },
): Promise<Sent> {
  const spanId = newSpanId();
  const url = new URL(step.path, targets[step.service]);
  const startMs = now();
  const answer = await answerOf(url, step, `00-${parent.traceId}-${spanId}-01`, attempt);
  const { status } = answer;
  const endMs = now();
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
      ...(attempt.resent > 0 && { 'http.request.resend_count': attempt.resent }),
      ...(status > 0 && { 'http.response.status_code': status }),
      ...((status === 0 || status >= 400) && { 'error.type': errorType(answer) }),
    },
  };
  return { ...answer, span };
}

function errorType({ status, gaveUp }: Pick<Sent, 'status' | 'gaveUp'>): string {
  if (status > 0) return String(status);
  return gaveUp ? 'gave_up' : 'no_answer';
}

async function answerOf(
  url: URL,
  { method, body }: Step,
  traceparent: string,
  { giveUpMs, key }: Try,
): Promise<Omit<Sent, 'span'>> {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        traceparent,
        ...(body && { 'Content-Type': 'application/json' }),
        ...(key && { 'Idempotency-Key': key }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(Math.min(giveUpMs ?? TIMEOUT_MS, TIMEOUT_MS)),
    });
    // The body is read to its end, so that the connection can be used again.
    const text = await response.text();
    return {
      status: response.status,
      gaveUp: false,
      reason: response.status >= 500 ? reasonOf(text) : undefined,
    };
  } catch (error) {
    return { status: 0, gaveUp: giveUpMs !== undefined && (error as Error).name === 'TimeoutError' };
  }
}

function reasonOf(document: string): string | undefined {
  try {
    const { reason } = JSON.parse(document) as { reason?: unknown };
    return typeof reason === 'string' ? reason : undefined;
  } catch {
    return undefined;
  }
}

import {
  type Attributes,
  context,
  createNoopMeter,
  type Meter,
  type MeterProvider,
  ROOT_CONTEXT,
} from '@opentelemetry/api';

/** What is delivered, in the plural. */
export type Items = 'spans' | 'data points' | 'log records';

/** Numbers of spans, data points or log records since the start of the process, by what happened to them. */
export interface ExportCounts {
  sent: number;
  /** Never sent: the queue was full, or the backend did not accept them. */
  dropped: number;
  /** Why the latest request was not accepted, or not completely; undefined while all is well. */
  failing?: string;
}

/** Logs a line: a warning when deliveries begin to fail, or fail differently, and a note when they succeed again. */
export type Report = (level: 'warn' | 'log', text: string) => void;

/** Milliseconds without another partial rejection after which a backend counts as accepting everything again. */
const PARTIAL_MS = 60_000;
/** Characters of a backend's answer that are passed on. */
const LONGEST_ANSWER = 200;

/** What to check, by the answer of the backend. */
const ADVICE: Record<string, string> = {
  'HTTP 400': 'Does it take OTEL_EXPORTER_OTLP_PROTOCOL?',
  'HTTP 401': 'Check OTEL_EXPORTER_OTLP_HEADERS.',
  'HTTP 403': 'Check OTEL_EXPORTER_OTLP_HEADERS.',
  'HTTP 404':
    'Check the path: /v1/traces and so on is added to OTEL_EXPORTER_OTLP_ENDPOINT, but not to the endpoint of one signal.',
  'HTTP 413': 'Lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE, or raise what it takes.',
  'HTTP 415': 'Does it take OTEL_EXPORTER_OTLP_PROTOCOL?',
  ECONNREFUSED: 'Nothing listens there: check OTEL_EXPORTER_OTLP_ENDPOINT.',
  ENOTFOUND: 'There is no such name: check OTEL_EXPORTER_OTLP_ENDPOINT.',
};
/** The state of a backend that rejects some of what it receives. */
const PARTLY = 'takes only a part';
const CHECK_CERTIFICATE = 'Check OTEL_EXPORTER_OTLP_CERTIFICATE.';
const CERTIFICATE = /CERT|SSL|TLS|SIGNATURE|ALTNAME/;

/** Deliveries of one kind to one backend: how many arrived, and whether they arrive now. */
export class Delivery {
  readonly counts: ExportCounts = { sent: 0, dropped: 0 };
  /** Status of the latest answer; undefined before there is one. */
  status?: number;
  private rejected = 0;
  private partialUntil = 0;

  constructor(
    private readonly items: Items,
    /** Such as `collector.example.org:4318`. */
    readonly host: string,
    private readonly report: Report,
  ) {}

  /** To be called with the number of items that did not fit into the queue. */
  lost(count: number): void {
    this.counts.dropped += count;
  }

  /** To be called before `ended`, when the backend accepted the current request except for some of its items. */
  partly(rejected: number, message: string): void {
    if (rejected <= 0) return;
    this.rejected = rejected;
    this.partialUntil = performance.now() + PARTIAL_MS;
    this.become(`${rejected} rejected${quoted(message)}`, PARTLY);
  }

  /** To be called when a request with this many items is over. */
  ended(count: number, error?: Error): void {
    if (error) this.counts.dropped += count;
    else {
      const rejected = Math.min(this.rejected, count);
      this.counts.sent += count - rejected;
      this.counts.dropped += rejected;
    }
    this.rejected = 0;
    if (error) this.become(...this.reason(error));
    else if (performance.now() >= this.partialUntil) this.become();
  }

  private become(reason?: string, state = reason): void {
    const { counts, items, host } = this;
    if (state === counts.failing) return;
    if (state === undefined) delete counts.failing;
    else counts.failing = state;
    if (reason === undefined)
      return this.log('log', `${host} takes ${items} again; ${counts.dropped} are lost.`);
    const what = state === PARTLY ? `takes only a part of the ${items}` : `does not take the ${items}`;
    const advice = ADVICE[state ?? ''] ?? (CERTIFICATE.test(state ?? '') ? CHECK_CERTIFICATE : '');
    this.log('warn', `${host} ${what}: ${reason}. ${counts.dropped} are lost so far. ${advice}`.trim());
  }

  /** Logs outside any trace: the line is not about the request that happened to be in progress. */
  private log(level: 'warn' | 'log', text: string): void {
    context.with(ROOT_CONTEXT, () => this.report(level, text));
  }

  /** The reason in words for a person, and a short form that stays the same while nothing changes. */
  private reason(error: Error): [string, string] {
    const { code, data, message } = error as Error & { code?: string | number; data?: string };
    if (this.status !== undefined && this.status > 299) {
      const state = `HTTP ${this.status}`;
      return [state + quoted(data ?? ''), state];
    }
    const state = typeof code === 'string' ? code : message.slice(0, LONGEST_ANSWER);
    return [state, state];
  }
}

/** The answer on one line, without control characters that a terminal would obey. */
function quoted(answer: string): string {
  const text = answer
    .replace(/[^\p{L}\p{N}\p{P}\p{S}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_ANSWER);
  return text === '' ? '' : ` (${text})`;
}

/**
 * Counts what the SDK's batch processors drop because their queue is full. They report it to a meter of the SDK's own
 * metrics (`otel.sdk.processor.*.processed` with `error.type`); this meter just passes it on.
 */
export function droppedByProcessor(delivery: Delivery): MeterProvider {
  const add = (amount: number, attributes: Attributes = {}) => {
    if (attributes['error.type'] === 'queue_full') delivery.lost(amount);
  };
  const createCounter: Meter['createCounter'] = (name) => ({
    add: name.endsWith('.processed') ? add : () => undefined,
  });
  return { getMeter: () => Object.assign(createNoopMeter(), { createCounter }) };
}

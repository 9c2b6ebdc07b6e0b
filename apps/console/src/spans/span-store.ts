import type { DecodedSpan } from '@app/otlp';
import { Injectable } from '@nestjs/common';
import { RepeatedText } from './repeated-text';

/** Spans kept at most; about 25 MiB. */
const MOST_SPANS = 20_000;
/** Milliseconds a span is kept, if the cap does not push it out before. */
const KEPT_MS = 15 * 60_000;

export interface SpanStatistics {
  kept: number;
  cap: number;
  received: number;
  /** Pushed out by newer ones before their time. */
  dropped: number;
  /** Seconds that the oldest kept span goes back. */
  reaches_back_s: number;
}

interface Kept {
  span: DecodedSpan;
  /** `Date.now()` of its arrival: a service's clock may be wrong. */
  at: number;
}

/** The latest spans, whole: for the list of a query's executions and for traces. */
@Injectable()
export class SpanStore {
  // In the order of arrival, so that the oldest is always the first.
  private readonly all = new Set<Kept>();
  private readonly traces = new Map<string, Kept[]>();
  private readonly text = new RepeatedText();
  private received = 0;
  private dropped = 0;

  add(span: DecodedSpan, now = Date.now()): void {
    const kept = { span: this.text.shared(span), at: now };
    this.received += 1;
    this.all.add(kept);
    const trace = this.traces.get(span.traceId);
    if (trace) trace.push(kept);
    else this.traces.set(kept.span.traceId, [kept]);
    this.prune(now);
  }

  /** The spans of one trace, first started first. */
  trace(traceId: string): DecodedSpan[] {
    const spans = (this.traces.get(traceId) ?? []).map(({ span }) => span);
    return spans.sort((a, b) => (a.startUnixNano < b.startUnixNano ? -1 : 1));
  }

  /** The latest spans that fulfil a condition, newest first. */
  latest(condition: (span: DecodedSpan) => boolean, most: number): DecodedSpan[] {
    const found: DecodedSpan[] = [];
    for (const { span } of [...this.all].reverse()) {
      if (found.length === most) break;
      if (condition(span)) found.push(span);
    }
    return found;
  }

  statistics(now = Date.now()): SpanStatistics {
    this.prune(now);
    const [oldest] = this.all;
    return {
      kept: this.all.size,
      cap: MOST_SPANS,
      received: this.received,
      dropped: this.dropped,
      reaches_back_s: oldest ? Math.round((now - oldest.at) / 1_000) : 0,
    };
  }

  private prune(now: number): void {
    for (const kept of this.all) {
      const early = this.all.size > MOST_SPANS;
      if (!early && now - kept.at <= KEPT_MS) return;
      if (early && now - kept.at <= KEPT_MS) this.dropped += 1;
      this.forget(kept);
    }
  }

  private forget(kept: Kept): void {
    this.all.delete(kept);
    const { traceId } = kept.span;
    const rest = (this.traces.get(traceId) ?? []).filter((other) => other !== kept);
    if (rest.length > 0) this.traces.set(traceId, rest);
    else this.traces.delete(traceId);
  }
}

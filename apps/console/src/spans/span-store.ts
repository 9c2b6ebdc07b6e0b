import type { DecodedSpan } from '@app/otlp';
import { Injectable } from '@nestjs/common';
import { RepeatedText } from './repeated-text';
import { spanBytes } from './span-bytes';

/** Spans kept at most. */
const MOST_SPANS = 20_000;
/** Bytes of all of them, at most: those of the services have 1.2 kB each. */
const MOST_BYTES = 48 * 1_024 * 1_024;
/** Bytes of one, at most: more would push out hundreds of others. */
const MOST_BYTES_OF_ONE = 256 * 1_024;
/** Milliseconds a span is kept, if the cap does not push it out before. */
const KEPT_MS = 15 * 60_000;

export interface SpanStatistics {
  kept: number;
  cap: number;
  /** Memory that the kept ones take, about. */
  bytes: number;
  cap_bytes: number;
  received: number;
  /** Pushed out by newer ones before their time, or too large to be kept at all. */
  dropped: number;
  /** Seconds that the oldest kept span goes back. */
  reaches_back_s: number;
}

interface Kept {
  span: DecodedSpan;
  bytes: number;
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
  private bytes = 0;
  private received = 0;
  private dropped = 0;

  add(span: DecodedSpan, now = Date.now()): void {
    this.received += 1;
    const bytes = spanBytes(span);
    if (bytes > MOST_BYTES_OF_ONE) {
      this.dropped += 1;
      return;
    }
    const kept = { span: this.text.shared(span), bytes, at: now };
    this.all.add(kept);
    this.bytes += bytes;
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
      bytes: this.bytes,
      cap_bytes: MOST_BYTES,
      received: this.received,
      dropped: this.dropped,
      reaches_back_s: oldest ? Math.round((now - oldest.at) / 1_000) : 0,
    };
  }

  private prune(now: number): void {
    for (const kept of this.all) {
      const early = this.all.size > MOST_SPANS || this.bytes > MOST_BYTES;
      if (!early && now - kept.at <= KEPT_MS) return;
      if (early && now - kept.at <= KEPT_MS) this.dropped += 1;
      this.forget(kept);
    }
  }

  private forget(kept: Kept): void {
    this.all.delete(kept);
    this.bytes -= kept.bytes;
    const { traceId } = kept.span;
    const rest = (this.traces.get(traceId) ?? []).filter((other) => other !== kept);
    if (rest.length > 0) this.traces.set(traceId, rest);
    else this.traces.delete(traceId);
  }
}

import type { DecodedSpan } from '@app/otlp';
import { Injectable } from '@nestjs/common';
import { RepeatedText } from './repeated-text';
import { spanBytes } from './span-bytes';

/** Spans kept at most. */
const MOST_SPANS = 20_000;
/** Bytes of all of them at most: those of the services have 1.2 kB each. */
const MOST_BYTES = 48 * 1_024 * 1_024;
/** Bytes of one at most: a larger one would replace hundreds of others. */
const MOST_BYTES_OF_ONE = 256 * 1_024;
/** Milliseconds for which a span is kept, unless newer ones replace it earlier. */
const KEPT_MS = 15 * 60_000;

export interface SpanStatistics {
  kept: number;
  cap: number;
  /** Approximate memory that the kept spans take. */
  bytes: number;
  cap_bytes: number;
  received: number;
  /** Replaced by newer ones before their time, or too large to be kept at all. */
  dropped: number;
  /** Age of the oldest kept span in seconds. */
  reaches_back_s: number;
}

interface Kept {
  span: DecodedSpan;
  bytes: number;
  /** `Date.now()` of its arrival, because a service's clock may be wrong. */
  at: number;
}

/** The latest spans, complete, for the list of a query's executions and for traces. */
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

  /** The spans of one trace, in the order of their start. */
  trace(traceId: string): DecodedSpan[] {
    const spans = (this.traces.get(traceId) ?? []).map(({ span }) => span);
    return spans.sort((a, b) => (a.startUnixNano < b.startUnixNano ? -1 : 1));
  }

  /** The latest spans that meet a condition, newest first. */
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

import type { DecodedSpan } from '@app/otlp';

/** The received spans, by their ids. */
export class TraceIndex {
  private readonly byId = new Map<string, DecodedSpan>();
  private readonly byParent = new Map<string, DecodedSpan[]>();

  private constructor(readonly spans: readonly DecodedSpan[]) {
    for (const span of spans) {
      const id = `${span.traceId} ${span.spanId}`;
      if (!this.byId.has(id)) this.byId.set(id, span);
      const parent = `${span.traceId} ${span.parentSpanId}`;
      const siblings = this.byParent.get(parent);
      if (siblings) siblings.push(span);
      else this.byParent.set(parent, [span]);
    }
  }

  /** Built once for each list of spans. */
  static of(spans: readonly DecodedSpan[]): TraceIndex {
    const known = INDEXES.get(spans) ?? new TraceIndex(spans);
    INDEXES.set(spans, known);
    return known;
  }

  /** The first one received with an id. */
  first({ traceId, spanId }: DecodedSpan): DecodedSpan | undefined {
    return this.byId.get(`${traceId} ${spanId}`);
  }

  parent({ traceId, parentSpanId }: DecodedSpan): DecodedSpan | undefined {
    return parentSpanId ? this.byId.get(`${traceId} ${parentSpanId}`) : undefined;
  }

  /** Spans with the same parent, in the order in which they were received; of a root, the other roots of its trace. */
  siblings({ traceId, parentSpanId }: DecodedSpan): readonly DecodedSpan[] {
    return this.byParent.get(`${traceId} ${parentSpanId}`) ?? [];
  }

  /** From the parent upwards, as far as spans were received. */
  ancestors(span: DecodedSpan): DecodedSpan[] {
    const found: DecodedSpan[] = [];
    let parent = this.parent(span);
    while (parent && !found.includes(parent)) {
      found.push(parent);
      parent = this.parent(parent);
    }
    return found;
  }
}

const INDEXES = new WeakMap<readonly DecodedSpan[], TraceIndex>();

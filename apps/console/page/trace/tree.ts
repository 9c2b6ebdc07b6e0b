import type { SpanView } from '../../src/spans/span-view';

/** Each span below the one that caused it; one whose cause is not there begins anew. */
export function inTree(spans: readonly SpanView[]): { span: SpanView; depth: number }[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = Map.groupBy(spans, ({ parentSpanId }) => (known.has(parentSpanId) ? parentSpanId : ''));
  const placed: { span: SpanView; depth: number }[] = [];
  const place = (parent: string, depth: number) => {
    const below = children.get(parent) ?? [];
    // Taken out first: spans that name each other as parents must not go round for ever.
    children.delete(parent);
    for (const span of below.toSorted((a, b) => a.startMs - b.startMs)) {
      placed.push({ span, depth });
      place(span.spanId, depth + 1);
    }
  };
  place('', 0);
  return placed;
}

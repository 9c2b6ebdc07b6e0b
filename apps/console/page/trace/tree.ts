import type { SpanView } from '../../src/spans/span-view';

/** Each span below the one that caused it; one whose cause is missing becomes a root. */
export function inTree(spans: readonly SpanView[]): { span: SpanView; depth: number }[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = Map.groupBy(spans, ({ parentSpanId }) => (known.has(parentSpanId) ? parentSpanId : ''));
  const ordered: { span: SpanView; depth: number }[] = [];
  const visit = (parent: string, depth: number) => {
    const below = children.get(parent) ?? [];
    // Removed first: spans that name each other as parents must not recurse for ever.
    children.delete(parent);
    for (const span of below.toSorted((a, b) => a.startMs - b.startMs)) {
      ordered.push({ span, depth });
      visit(span.spanId, depth + 1);
    }
  };
  visit('', 0);
  return ordered;
}

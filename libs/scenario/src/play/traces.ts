import type { EndedJourney } from '@app/load';
import type { KeptSpan, Run } from '../run/run';
import { hasFailed } from './figures-of';

/** Remembers which three traces of a run are worth a look. */
export class WorthALook {
  private quickest?: EndedJourney;
  private slowest?: EndedJourney;
  private failed?: EndedJourney;

  note(journey: EndedJourney): void {
    const isCheckout = journey.operation === 'checkout';
    if (hasFailed(journey)) this.failed = journey;
    else if (journey.ms > (this.slowest?.ms ?? 0)) this.slowest = journey;
    if (isCheckout && !hasFailed(journey) && journey.ms < (this.quickest?.ms ?? Number.POSITIVE_INFINITY))
      this.quickest = journey;
  }

  /** @param trace the spans of a trace, as the console tells them */
  async traces(trace: (id: string) => Promise<Record<string, unknown>[]>): Promise<Run['traces']> {
    const chosen = [
      { title: 'the quickest checkout', journey: this.quickest },
      { title: 'the slowest journey that went well', journey: this.slowest },
      { title: 'the last that failed', journey: this.failed },
    ];
    const kept: Run['traces'] = [];
    for (const { title, journey } of chosen) {
      if (!journey) continue;
      const spans = keptSpans(await trace(journey.traceId));
      const text = `${title}: ${journey.operation}, ${Math.round(journey.ms)} ms, ${journey.outcome}`;
      if (spans.length > 0) kept.push({ title: text, trace_id: journey.traceId, spans });
    }
    return kept;
  }
}

/** Of a trace no more than a page shows. */
const MOST_SPANS = 40;

function keptSpans(spans: Record<string, unknown>[]): KeptSpan[] {
  const begin = Math.min(...spans.map(({ startMs }) => Number(startMs)));
  const parents = new Map(spans.map(({ spanId, parentSpanId }) => [spanId, parentSpanId]));
  const depthOf = (id: unknown): number => (parents.has(id) ? 1 + depthOf(parents.get(id)) : 0);
  return spans.slice(0, MOST_SPANS).map((span) => ({
    name: String(span.name),
    service: String(span.service),
    depth: depthOf(span.parentSpanId),
    from: Number(span.startMs) - begin,
    ms: Number(span.durationMs),
    failed: span.status === 'ERROR',
  }));
}

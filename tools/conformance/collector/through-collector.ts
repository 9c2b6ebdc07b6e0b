import { readsAs } from '@app/conformance';
import type { DecodedSpan } from '@app/otlp';
import type { CollectorConfiguration } from './configuration';

/** What a pipeline does to the spans that reach it. */
export interface Passage {
  pipeline: string;
  came: number;
  dropped: number;
  /** The first span that was dropped. */
  example?: string;
  /** How many spans got an attribute, or another value for it, by attribute. */
  set: Record<string, number>;
  exporters: string[];
  notRead: string[];
  /** Undesirable effects of its connectors. */
  warnings: string[];
}

export interface Passed {
  passages: Passage[];
  /** The spans that leave for a backend. */
  exported: DecodedSpan[];
}

/** Sends copies of spans through the pipelines of a Collector. */
export function throughCollector(collector: CollectorConfiguration, spans: readonly DecodedSpan[]): Passed {
  const passages: Passage[] = [];
  const exported: DecodedSpan[] = [];
  const send = (pipeline: string, from: readonly DecodedSpan[]) => {
    const { processors = [], exporters = [] } = collector.pipelines[pipeline] ?? {};
    const passage: Passage = {
      ...{ pipeline, came: from.length, dropped: 0, set: {}, exporters },
      notRead: processors.filter((name) => collector.unknown(name)),
      warnings: [],
    };
    passages.push(passage);
    let left = from.map(copy);
    for (const name of processors) left = process(collector, name, left, passage);
    passage.warnings.push(...exporters.flatMap((name) => metricsWarnings(collector, name, left)));
    const forwards = exporters.filter((name) => /^forward(\/|$)/.test(name));
    const leaves = exporters.some((name) => !forwards.includes(name) && !collector.spanMetrics(name));
    if (leaves) exported.push(...left);
    for (const [next, { receivers = [] }] of Object.entries(collector.pipelines))
      if (receivers.some((name) => forwards.includes(name))) send(next, left);
  };
  for (const [name, { receivers = [] }] of Object.entries(collector.pipelines))
    if (receivers.some((receiver) => !/^(forward|routing)(\/|$)/.test(receiver))) send(name, spans);
  return { passages, exported };
}

function process(
  collector: CollectorConfiguration,
  name: string,
  spans: DecodedSpan[],
  passage: Passage,
): DecodedSpan[] {
  const change = collector.transformation(name);
  for (const span of change ? spans : []) {
    const before = { ...span.attributes };
    change?.(span);
    for (const key of new Set([...Object.keys(before), ...Object.keys(span.attributes)]))
      if (before[key] !== span.attributes[key]) passage.set[key] = (passage.set[key] ?? 0) + 1;
  }
  const drops = collector.filter(name);
  if (!drops) return spans;
  const dropped = spans.filter(drops);
  passage.dropped += dropped.length;
  passage.example ??= dropped[0] && `${dropped[0].service}: ${dropped[0].name}`;
  return spans.filter((span) => !drops(span));
}

/** The slow-query fault makes a constant 2.9 s. */
const SLOW_MS = 2_900;

function metricsWarnings(
  collector: CollectorConfiguration,
  name: string,
  spans: readonly DecodedSpan[],
): string[] {
  const made = collector.spanMetrics(name);
  if (!made) return [];
  const read = readsAs(made.bucketsMs, SLOW_MS);
  const statements = spans.filter(({ attributes }) => attributes['db.system'] !== undefined);
  const empty = made.dimensions
    .filter((dimension) => dimension.startsWith('db.') && statements.length > 0)
    .filter((dimension) => statements.every(({ attributes }) => attributes[dimension] === undefined));
  return [
    ...(read > SLOW_MS * 1.25
      ? [`${name}: 2.9 s reads as ${Number.isFinite(read) ? `${Math.round(read)} ms` : 'off scale'}`]
      : []),
    ...empty.map((dimension) => `${name}: no statement has ${dimension}, so that its label is empty`),
  ];
}

const copy = (span: DecodedSpan): DecodedSpan => ({
  ...span,
  resource: { ...span.resource },
  attributes: { ...span.attributes },
});

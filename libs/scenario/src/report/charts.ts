import type { Run, Sample } from '../run/run';
import { type Band, chart, type Series } from './chart';
import { html, type Markup } from './markup';

/** States of connections, with the colours that they have everywhere in the report. */
const STATES = [
  { key: 'active', name: 'at work', color: 'c1' },
  { key: 'lock', name: 'waits for a lock', color: 'c4' },
  { key: 'transaction', name: 'idle in transaction', color: 'c6' },
  { key: 'held', name: 'held by the fault', color: 'c3' },
  { key: 'idle', name: 'idle', color: 'c2' },
] as const;

/** Layers of the chart of waits; all others are combined into one. */
const MOST_WAITS = 6;

/** The course of a run. */
export function charts({ steps, seconds }: Run, samples: readonly Sample[]): Markup {
  const length = Math.max(1, seconds);
  const bands = steps
    .filter(({ faults }) => faults.length > 0)
    .map(({ at, ended, faults }) => ({ name: faults.join(', '), from: at, to: ended }));
  const shared = { times: samples.map(({ t }) => t), bands: bands as Band[], seconds: length };
  const of = (name: string, color: string, read: (sample: Sample) => number | null): Series => ({
    name,
    color,
    values: samples.map(read),
  });
  const budget = samples[0]?.max;
  return html`${[
    chart({
      ...shared,
      title: 'Connections of the budget',
      unit: 'by what PostgreSQL says they do',
      stacked: true,
      series: STATES.map(({ key, name, color }) => of(name, color, (sample) => sample[key])),
      limit: budget === undefined ? undefined : { name: `budget of ${budget}`, value: budget },
    }),
    chart({
      ...shared,
      title: 'Requests that wait for a connection',
      unit: 'all services',
      series: [of('waiting', 'c3', ({ waiting }) => waiting)],
    }),
    chart({
      ...shared,
      title: 'Time of journeys',
      unit: 'ms, of those that ended in the last 3 s',
      series: [of('95 %', 'c4', ({ p95_ms }) => p95_ms), of('half', 'c1', ({ p50_ms }) => p50_ms)],
    }),
    chart({
      ...shared,
      title: 'Journeys',
      unit: 'a second, over 3 s',
      series: [
        of('ended', 'c1', (sample) => sample.ended_per_second),
        of('failed', 'c3', (sample) => sample.failed_per_second),
      ],
    }),
    chart({
      ...shared,
      title: 'What sessions at work wait for',
      unit: 'sessions, all roles',
      stacked: true,
      series: waits(samples),
    }),
  ]}`;
}

function waits(samples: readonly Sample[]): Series[] {
  const sums = new Map<string, number>();
  for (const sample of samples)
    for (const [event, count] of Object.entries(sample.waits))
      sums.set(event, (sums.get(event) ?? 0) + count);
  const events = [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_WAITS)
    .map(([event]) => event);
  return events.map((event, index) => ({
    name: event,
    color: `c${index + 1}`,
    values: samples.map(({ waits: seen }) => seen[event] ?? 0),
  }));
}

/** The budget as squares, at the moment of each step with the most connections. */
export function slots({ steps }: Run, samples: readonly Sample[]): Markup {
  const moments = steps.flatMap((step, index) => {
    const within = samples.filter(({ t }) => t >= step.at && t <= step.ended);
    const [first, ...others] = within;
    if (!first) return [];
    return [{ index, sample: others.reduce((most, one) => (one.open > most.open ? one : most), first) }];
  });
  return html`<div class="slots">${moments.map(({ index, sample }) => html`<figure><figcaption>Step ${index + 1}, at ${sample.t.toFixed(0)} s: ${sample.open} of ${sample.max}</figcaption>${squares(sample)}</figure>`)}</div>
<ul class="legend">${STATES.map(({ name, color }) => html`<li><i class="${color}"></i>${name}</li>`)}</ul>`;
}

function squares(sample: Sample): Markup {
  const filled = STATES.flatMap(({ key, color }) => Array.from({ length: sample[key] }, () => color));
  const columns = sample.max > 100 ? 40 : 20;
  const rows = Math.ceil(Math.max(sample.max, filled.length) / columns);
  const all = Array.from({ length: columns * rows }, (_, slot) => filled[slot] ?? 'none').slice(
    0,
    Math.max(sample.max, filled.length),
  );
  return html`<svg viewBox="0 0 ${columns * 10} ${rows * 10}" role="img" aria-label="${sample.open} of ${sample.max} connections open">${all.map(
    (color, slot) =>
      html`<rect class="slot ${color}" x="${(slot % columns) * 10 + 1}" y="${Math.floor(slot / columns) * 10 + 1}" width="8" height="8" rx="1"/>`,
  )}</svg>`;
}

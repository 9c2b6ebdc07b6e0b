import { type Heat, heatOf, mergeRows, type Rows } from './heat';
import type { Cell } from './timeline';
import { type Reading, Totals } from './totals';
import type { WaitCell } from './waits';

/** Points of a chart at most. */
const MOST_POINTS = 90;
/** Services with a chart of their own at most. */
const MOST_SERVICES = 6;

/** One column per number, one entry per step, as a chart draws them. */
export interface Series {
  /** Unix seconds at the start of each step. */
  time: number[];
  average_ms: (number | null)[];
  p50_ms: (number | null)[];
  p75_ms: (number | null)[];
  p90_ms: (number | null)[];
  p95_ms: (number | null)[];
  p99_ms: (number | null)[];
  queries_per_second: number[];
  failures_per_second: number[];
  /** The services that took the most time. */
  services: ServiceSeries[];
  heat: Heat;
}

/** How the time of a service's statements is spent, on average of those that ended in a step. */
export interface ServiceSeries {
  service: string;
  /** Milliseconds until there was a connection, or until the request gave up. */
  waiting_ms: (number | null)[];
  /** Milliseconds in the database. */
  running_ms: (number | null)[];
  failures_per_second: number[];
}

interface Steps {
  begin: number;
  length: number;
  step: number;
}

/**
 * The numbers over time.
 *
 * @param last the latest second that is shown, which must be over
 */
export function seriesOf(
  cells: readonly Cell[],
  waits: readonly WaitCell[],
  [first, last]: [first: number, last: number],
  reading: Reading,
): Series {
  const step = Math.max(1, Math.ceil((last - first + 1) / MOST_POINTS));
  // Steps are aligned to the clock, so that a step keeps its spans while the window moves on.
  const begin = Math.ceil(first / step) * step;
  const steps = { begin, step, length: Math.max(0, Math.floor((last + 1 - begin) / step)) };
  const byService = byServiceOf(cells, steps);
  const totals = Array.from({ length: steps.length }, (_, index) =>
    [...byService.values()].reduce((sum, own) => sum.merge(own[index] ?? NOTHING), new Totals()),
  );
  const quantiles = totals.map((one) => one.quantilesMs([0.5, 0.75, 0.9, 0.95, 0.99], reading));
  const column = (index: number) => quantiles.map((values) => values[index] ?? null);
  return {
    time: totals.map((_, index) => begin + index * step),
    average_ms: totals.map((one) => one.averageMs(reading)),
    p50_ms: column(0),
    p75_ms: column(1),
    p90_ms: column(2),
    p95_ms: column(3),
    p99_ms: column(4),
    queries_per_second: totals.map(({ count }) => count / step),
    failures_per_second: totals.map(({ failures }) => failures / step),
    services: servicesOf(byService, waits, steps),
    heat: heatOf(
      totals.map(({ rows }) => rows),
      waitRows(new Set(byService.keys()), waits, steps),
    ),
  };
}

/** Totals of each service, an entry for each step in which it sent something. */
type ByService = Map<string, Totals[]>;

const NOTHING = new Totals();

function byServiceOf(cells: readonly Cell[], { begin, step, length }: Steps): ByService {
  const services: ByService = new Map();
  for (const { second, call, totals } of cells) {
    const index = Math.floor((second - begin) / step);
    const own = services.get(call.service) ?? [];
    services.set(call.service, own);
    if (index < 0 || index >= length) continue;
    own[index] ??= new Totals();
    own[index].merge(totals);
  }
  return services;
}

function servicesOf(byService: ByService, waits: readonly WaitCell[], steps: Steps): ServiceSeries[] {
  const time = (own: readonly Totals[]) => own.reduce((sum, { sumMs }) => sum + sumMs, 0);
  return [...byService]
    .sort(([, a], [, b]) => time(b) - time(a))
    .slice(0, MOST_SERVICES)
    .map(([service, own]) => {
      const totals = Array.from({ length: steps.length }, (_, index) => own[index] ?? NOTHING);
      return {
        service,
        waiting_ms: waitsOf(
          waits.filter((wait) => wait.service === service),
          steps,
        ),
        running_ms: totals.map((one) => one.averageMs('measured')),
        failures_per_second: totals.map(({ failures }) => failures / steps.step),
      };
    });
}

function waitsOf(waits: readonly WaitCell[], { begin, step, length }: Steps): (number | null)[] {
  const steps = Array.from({ length }, () => ({ count: 0, sumMs: 0 }));
  for (const { second, count, sumMs } of waits) {
    const sums = steps[Math.floor((second - begin) / step)];
    if (!sums) continue;
    sums.count += count;
    sums.sumMs += sumMs;
  }
  return steps.map(({ count, sumMs }) => (count === 0 ? null : sumMs / count));
}

/** @param services those that have sent a statement to this database */
function waitRows(
  services: ReadonlySet<string>,
  waits: readonly WaitCell[],
  { begin, step, length }: Steps,
): Rows[] {
  const steps = Array.from({ length }, (): Rows => new Map());
  for (const { second, service, rows } of waits) {
    if (!services.has(service)) continue;
    const of = steps[Math.floor((second - begin) / step)];
    if (of) mergeRows(of, rows);
  }
  return steps;
}

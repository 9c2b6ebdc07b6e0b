import type { BudgetView } from './budget-view';

/** Points kept: one a second, for the longest window. */
const KEPT = 15 * 60;
/** Points of a chart, at most. */
const MOST_POINTS = 180;

/** Connections over time, one column per service. */
export interface BudgetSeries {
  /** Unix seconds. */
  time: number[];
  services: Record<string, number[]>;
  /** Requests that waited for a connection, by service. */
  waiting: Record<string, number[]>;
  max: number[];
}

interface Point {
  second: number;
  max: number;
  open: Record<string, number>;
  waiting: Record<string, number>;
}

/** The state of the budget in the last 15 minutes. */
export class BudgetHistory {
  private points: Point[] = [];

  /** Two observations in one second become one point, the one with more connections, so that a short peak is not lost. */
  add({ at, max, services }: BudgetView): void {
    const open = Object.fromEntries(services.map((share) => [share.service, share.open]));
    const waiting = Object.fromEntries(services.map((share) => [share.service, share.waiting]));
    const point = { second: Math.floor(at / 1_000), max, open, waiting };
    const last = this.points.at(-1);
    if (last?.second === point.second) this.points[this.points.length - 1] = higher(last, point);
    else this.points.push(point);
    if (this.points.length > KEPT) this.points.shift();
  }

  series(windowMinutes: number, now = Date.now()): BudgetSeries {
    const begin = Math.floor(now / 1_000) - windowMinutes * 60;
    const step = Math.ceil((windowMinutes * 60) / MOST_POINTS);
    const inWindow = this.points.filter(({ second }) => second > begin);
    const steps = [...Map.groupBy(inWindow, ({ second }) => Math.floor(second / step)).values()];
    const points = steps.map((group) => group.reduce(higher));
    const names = [...new Set(points.flatMap(({ open }) => Object.keys(open)))].sort();
    const columns = (of: 'open' | 'waiting') =>
      Object.fromEntries(names.map((name) => [name, points.map((point) => point[of][name] ?? 0)]));
    return {
      time: points.map(({ second }) => second),
      services: columns('open'),
      waiting: columns('waiting'),
      max: points.map(({ max }) => max),
    };
  }
}

/** The point with more connections, with the longer queue of both. */
function higher(a: Point, b: Point): Point {
  const { waiting } = total(b.waiting) >= total(a.waiting) ? b : a;
  return { ...(total(b.open) >= total(a.open) ? b : a), waiting };
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

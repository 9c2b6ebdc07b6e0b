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
  max: number[];
}

interface Point {
  second: number;
  max: number;
  open: Record<string, number>;
}

/** What the budget was in the last 15 minutes. */
export class BudgetHistory {
  private points: Point[] = [];

  /** Two looks in one second become one point, the one with more connections: a short peak is not lost. */
  add({ at, max, services }: BudgetView): void {
    const open = Object.fromEntries(services.map((share) => [share.service, share.open]));
    const point = { second: Math.floor(at / 1_000), max, open };
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
    const columns = names.map((name) => [name, points.map(({ open }) => open[name] ?? 0)]);
    return {
      time: points.map(({ second }) => second),
      services: Object.fromEntries(columns),
      max: points.map(({ max }) => max),
    };
  }
}

function higher(a: Point, b: Point): Point {
  return total(b) >= total(a) ? b : a;
}

function total({ open }: Point): number {
  return Object.values(open).reduce((sum, count) => sum + count, 0);
}

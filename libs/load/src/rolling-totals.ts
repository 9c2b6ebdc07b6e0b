import { LoadTotals } from './load-totals';

const SLICE_MS = 5_000;
const SLICES = 12;

/** What the load did in the last minute. */
export class RollingTotals {
  private slices: { from: number; totals: LoadTotals }[] = [];

  /** The totals in which to count now. */
  current(now = Date.now()): LoadTotals {
    const from = Math.floor(now / SLICE_MS) * SLICE_MS;
    const last = this.slices.at(-1);
    if (last?.from === from) return last.totals;
    const totals = new LoadTotals();
    this.slices = [...this.slices.slice(-(SLICES - 1)), { from, totals }];
    return totals;
  }

  lastMinute(now = Date.now()): LoadTotals {
    const begin = now - SLICE_MS * SLICES;
    const recent = this.slices.filter(({ from }) => from > begin);
    return recent.reduce((sum, { totals }) => sum.merge(totals), new LoadTotals());
  }
}

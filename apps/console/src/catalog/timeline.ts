import { callKey, type DatabaseCall } from './database-call';
import { Totals } from './totals';

/** Seconds kept: the longest window, and a little for clocks that disagree. */
const KEPT_S = 15 * 60 + 10;
/** A span from further ahead of this clock than this is not believed. */
const AHEAD_S = 10;
/** Different statements at most; a service that writes values into its statements would use up the memory. */
const MOST_CALLS = 500;

/** One second of one statement. */
export interface Cell {
  second: number;
  call: DatabaseCall;
  totals: Totals;
}

/** Totals per second and statement: what the catalog adds up, however many spans there were. */
export class Timeline {
  private readonly calls = new Map<string, DatabaseCall>();
  private readonly seconds = new Map<number, Map<DatabaseCall, Totals>>();
  /** Database spans that are in no figure: too old, from the future, or of one statement too many. */
  uncounted = 0;

  /** @param endSecond Unix time at which the statement ended */
  add(call: DatabaseCall, endSecond: number, durationMs: number, failed: boolean, nowSecond: number): void {
    this.prune(nowSecond);
    const inTime = endSecond > nowSecond - KEPT_S && endSecond <= nowSecond + AHEAD_S;
    const known = inTime ? this.known(call) : undefined;
    if (!known) {
      this.uncounted += 1;
      return;
    }
    const cells = this.seconds.get(endSecond) ?? new Map<DatabaseCall, Totals>();
    this.seconds.set(endSecond, cells);
    const totals = cells.get(known) ?? new Totals();
    cells.set(known, totals);
    totals.add(durationMs, failed);
  }

  /** Everything from one second to another, both included. */
  *between(first: number, last: number): Generator<Cell> {
    for (let second = first; second <= last; second += 1) {
      for (const [call, totals] of this.seconds.get(second) ?? []) yield { second, call, totals };
    }
  }

  /** The first second of which anything is known. */
  get begin(): number | undefined {
    const all = [...this.seconds.keys()];
    return all.length > 0 ? Math.min(...all) : undefined;
  }

  private known(call: DatabaseCall): DatabaseCall | undefined {
    const key = callKey(call);
    const known = this.calls.get(key);
    if (known) return known;
    if (this.calls.size >= MOST_CALLS) return undefined;
    this.calls.set(key, call);
    return call;
  }

  private prune(nowSecond: number): void {
    const before = this.seconds.size;
    for (const second of this.seconds.keys()) if (second <= nowSecond - KEPT_S) this.seconds.delete(second);
    if (this.seconds.size < before && this.calls.size >= MOST_CALLS) this.forgetUnused();
  }

  private forgetUnused(): void {
    const used = new Set([...this.seconds.values()].flatMap((cells) => [...cells.keys()]));
    for (const [key, call] of this.calls) if (!used.has(call)) this.calls.delete(key);
  }
}

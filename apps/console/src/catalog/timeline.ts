import { CallCaps } from './call-caps';
import type { DatabaseCall } from './database-call';
import { Totals } from './totals';

/** Seconds kept: the longest window, and a margin for clocks that disagree. */
const KEPT_S = 15 * 60 + 10;
/** A span that ends further ahead of this clock than this is ignored. */
const AHEAD_S = 10;
/** Seconds between two removals of statements that no second contains any more. */
const CLEAR_EVERY_S = 60;

/** One second of one statement. */
export interface Cell {
  second: number;
  call: DatabaseCall;
  totals: Totals;
}

/** How a statement ended. */
export interface Ended {
  /** Unix time. */
  second: number;
  durationMs: number;
  failed: boolean;
  /** Whether the statement reached the database. */
  ran: boolean;
}

/** Totals per second and statement, which the catalog adds up, however many spans there were. */
export class Timeline {
  private readonly seconds = new Map<number, Map<DatabaseCall, Totals>>();
  private readonly caps: CallCaps;
  private clearedAt = 0;
  /** Database spans that no number includes: too old, from the future, or of one service too many. */
  uncounted = 0;

  /** @param own the database that always has room */
  constructor(own: string) {
    this.caps = new CallCaps(own);
  }

  /** Caps that were exceeded, each as a sentence. */
  get passedCaps(): string[] {
    return [...this.caps.passed];
  }

  add(call: DatabaseCall, { second, durationMs, failed, ran }: Ended, nowSecond: number): void {
    const inTime = second > nowSecond - KEPT_S && second <= nowSecond + AHEAD_S;
    // This removes what no second contains any more, so it comes before the look-up of the statement.
    const cells = inTime ? (this.seconds.get(second) ?? this.open(second, nowSecond)) : undefined;
    const known = cells && this.caps.known(call);
    if (!known) {
      this.uncounted += 1;
      return;
    }
    const totals = cells.get(known) ?? new Totals();
    cells.set(known, totals);
    totals.add(durationMs, failed, ran);
  }

  /** All cells from one second to another, including both. */
  *between(first: number, last: number): Generator<Cell> {
    for (let second = first; second <= last; second += 1) {
      for (const [call, totals] of this.seconds.get(second) ?? []) yield { second, call, totals };
    }
  }

  /** The first second for which there is data. */
  get earliest(): number | undefined {
    const all = [...this.seconds.keys()];
    return all.length > 0 ? Math.min(...all) : undefined;
  }

  private open(second: number, nowSecond: number): Map<DatabaseCall, Totals> {
    for (const old of this.seconds.keys()) if (old <= nowSecond - KEPT_S) this.seconds.delete(old);
    if (nowSecond - this.clearedAt >= CLEAR_EVERY_S) {
      this.clearedAt = nowSecond;
      this.caps.forgetAllBut(new Set([...this.seconds.values()].flatMap((cells) => [...cells.keys()])));
    }
    const cells = new Map<DatabaseCall, Totals>();
    this.seconds.set(second, cells);
    return cells;
  }
}

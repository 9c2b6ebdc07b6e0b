import { OPERATIONS, type Operation } from './journeys';
import { Latencies } from './latencies';

/** How a journey ended, by its last answer. `failed` is everything else, including a time-out and no answer. */
export type Outcome = 'ok' | 'conflict' | 'unavailable' | 'lock_timeout' | 'gave_up' | 'failed';

/** One operation in numbers. Milliseconds count from the moment when the arrival was due. */
export interface OperationFigures {
  operation: Operation;
  sent: number;
  ok: number;
  /** 409: out of stock, or another change came first. */
  conflict: number;
  /** 503: no database connection in time. */
  unavailable: number;
  /** 503: another session held a lock for longer than `lock_timeout`. */
  lock_timeout: number;
  /** The user gave up. */
  gave_up: number;
  failed: number;
  /** Requests sent for these journeys: more than their steps if users repeat what failed. */
  tries: number;
  /** Sent later than due, because this process was busy. */
  late: number;
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
}

type Counts = Omit<OperationFigures, 'operation' | 'p50_ms' | 'p95_ms' | 'p99_ms'>;

class OperationTotals {
  readonly counts: Counts = {
    sent: 0,
    ok: 0,
    conflict: 0,
    unavailable: 0,
    lock_timeout: 0,
    gave_up: 0,
    failed: 0,
    tries: 0,
    late: 0,
  };
  readonly latencies = new Latencies();
}

/** What a load has done so far. */
export class LoadTotals {
  private readonly totals = new Map(OPERATIONS.map((operation) => [operation, new OperationTotals()]));
  /** Arrivals that were never sent: too many were under way, or they had been due too long before. */
  dropped = 0;

  sent(operation: Operation, late: boolean): void {
    const { counts } = this.of(operation);
    counts.sent += 1;
    if (late) counts.late += 1;
  }

  ended(operation: Operation, outcome: Outcome, ms: number, tries = 1): void {
    const { counts, latencies } = this.of(operation);
    counts[outcome] += 1;
    counts.tries += tries;
    latencies.add(ms);
  }

  merge(other: LoadTotals): this {
    for (const operation of OPERATIONS) {
      const [own, theirs] = [this.of(operation), other.of(operation)];
      for (const key of Object.keys(own.counts) as (keyof Counts)[]) own.counts[key] += theirs.counts[key];
      own.latencies.merge(theirs.latencies);
    }
    this.dropped += other.dropped;
    return this;
  }

  figures(): OperationFigures[] {
    return OPERATIONS.map((operation) => {
      const { counts, latencies } = this.of(operation);
      return { operation, ...counts, ...percentiles(latencies) };
    });
  }

  /** Percentiles of all operations together. */
  percentiles(): Pick<OperationFigures, 'p50_ms' | 'p95_ms' | 'p99_ms'> {
    const all = new Latencies();
    for (const { latencies } of this.totals.values()) all.merge(latencies);
    return percentiles(all);
  }

  private of(operation: Operation): OperationTotals {
    return this.totals.get(operation) as OperationTotals;
  }
}

function percentiles(latencies: Latencies) {
  return {
    p50_ms: latencies.quantile(0.5),
    p95_ms: latencies.quantile(0.95),
    p99_ms: latencies.quantile(0.99),
  };
}

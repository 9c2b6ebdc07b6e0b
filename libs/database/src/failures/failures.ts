import { Injectable, Logger } from '@nestjs/common';
import type { Attributes } from '@opentelemetry/api';
import { MetricService } from 'nestjs-otel';
import { answeredState, causeName, errorType } from './cause-of';
import { CAUSES, type CauseName } from './causes';
import { DATABASE_PROBLEMS } from './database-problems';
import { LimitedLog, ONE_LINE_EVERY_MS } from './limited-log';

/** A cause that affects more than one request, as /health reports it. */
export interface RecentFailure {
  cause: CauseName;
  /** Undefined if PostgreSQL did not answer. */
  sqlstate?: string;
  /** What it is and what to do about it. */
  reason: string;
  /** Milliseconds since it was last seen. */
  age_ms: number;
}

interface Seen {
  at: number;
  sqlstate?: string;
}

/** What failed in the database: this class alone logs it, counts it, and remembers for /health what is wrong lately. */
@Injectable()
export class Failures {
  private readonly logger = new Logger('Database');
  private readonly log = new LimitedLog();
  private readonly seen = new Map<CauseName, Seen>();
  private readonly statements = new WeakMap<Error, object>();
  private readonly counts = new Map<CauseName, number>();
  private readonly counter;
  /** `performance.now()` of the latest answer to a statement of the pool. */
  answeredAt = Number.NEGATIVE_INFINITY;

  constructor(metrics: MetricService) {
    this.counter = metrics.getCounter('demo.db.failures', {
      unit: '{failure}',
      description: 'Requests that failed because of the database, by cause',
    });
    // The counters start at 0: one that appears with its first failures hides them from rate().
    for (const cause of Object.keys(CAUSES) as CauseName[]) this.counter.add(0, labels(cause));
  }

  /** A request failed with this error. Logs a line for each cause and 10 s, without pg's message, which quotes values. */
  ofRequest(error: unknown): void {
    const cause = this.noted(error);
    if (!cause) return;
    this.counter.add(1, labels(cause));
    this.counts.set(cause, this.counted(cause) + 1);
    this.write('A request failed', error, cause);
  }

  /** Requests of this process that failed because of it so far. */
  counted(cause: CauseName): number {
    return this.counts.get(cause) ?? 0;
  }

  /**
   * Notes for an error's log line during which statement it occurred.
   * @param summary operation and tables
   * @param ms that the caller waited for the connection or for the answer
   */
  during(error: unknown, summary: string, ms: number): void {
    if (error instanceof Error)
      this.statements.set(error, { 'db.query.summary': summary, waited_ms: Math.round(ms) });
  }

  /** To be called when no connection could be opened for any caller; logged if only somebody can fix it. */
  ofConnecting(error: unknown): void {
    const cause = causeName(error);
    if (!cause || CAUSES[cause].passes) return;
    this.noted(error);
    this.write('No connection could be opened', error, cause);
  }

  /** To be called when PostgreSQL answered a statement of the pool: it is up, and lets this service in. */
  answered(): void {
    this.answeredAt = performance.now();
  }

  /** What is wrong for more than one request, the latest first. */
  recent(): RecentFailure[] {
    const now = performance.now();
    return [...this.seen]
      .filter(([cause, { at }]) => now - at < ONE_LINE_EVERY_MS && !this.isOver(cause, at))
      .sort(([, one], [, other]) => other.at - one.at)
      .map(([cause, { at, sqlstate }]) => ({
        cause,
        ...(sqlstate && { sqlstate }),
        reason: sentence(cause),
        age_ms: Math.round(now - at),
      }));
  }

  /** Writes the log lines that were held back. */
  end(): void {
    this.log.flush();
  }

  private noted(error: unknown): CauseName | undefined {
    const cause = causeName(error);
    if (cause && CAUSES[cause].hits)
      this.seen.set(cause, { at: performance.now(), sqlstate: answeredState(error) });
    return cause;
  }

  /** Any later answer proves that the server, the role and the pool are well; it says nothing about the data. */
  private isOver(cause: CauseName, at: number): boolean {
    return CAUSES[cause].hits !== 'data' && this.answeredAt > at;
  }

  private write(what: string, error: unknown, cause: CauseName): void {
    const { log } = CAUSES[cause];
    const sqlstate = answeredState(error);
    const line = {
      message: `${what}: ${sentence(cause)}`,
      cause,
      'error.type': errorType(error),
      ...(sqlstate && { 'db.response.status_code': sqlstate }),
      'exception.type': (error as Error).constructor.name,
      ...this.statements.get(error as Error),
    };
    this.log.write(`${what} ${cause} ${sqlstate}`, (left_out) => this.logger[log]({ ...line, left_out }));
  }
}

function labels(cause: CauseName): Attributes {
  return { 'demo.db.failure.cause': cause, 'demo.db.failure.severity': CAUSES[cause].log };
}

/** What a cause is and what to do about it. */
export function sentence(cause: CauseName): string {
  const { problem, detail, remedy } = CAUSES[cause];
  const what = problem ? DATABASE_PROBLEMS[problem][1] : detail;
  return remedy ? `${what}: ${remedy}` : what;
}

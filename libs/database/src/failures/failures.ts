import { Injectable, Logger } from '@nestjs/common';
import type { Attributes } from '@opentelemetry/api';
import { MetricService } from 'nestjs-otel';
import { answeredState, causeName, errorType } from './cause-of';
import { CAUSES, type CauseName } from './causes';
import { DATABASE_PROBLEMS } from './database-problems';
import { LimitedLog, ONE_LINE_EVERY_MS } from './limited-log';

/** A cause that hits more than one request, as /health tells it. */
export interface RecentFailure {
  cause: CauseName;
  /** Undefined where PostgreSQL did not answer. */
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

/** What of the database failed: one place that logs it, counts it, and remembers for /health what is wrong lately. */
@Injectable()
export class Failures {
  private readonly logger = new Logger('Database');
  private readonly log = new LimitedLog();
  private readonly seen = new Map<CauseName, Seen>();
  private readonly statements = new WeakMap<Error, object>();
  private readonly counter;
  /** `performance.now()` of the latest answer to a statement of the pool. */
  answeredAt = Number.NEGATIVE_INFINITY;

  constructor(metrics: MetricService) {
    this.counter = metrics.getCounter('demo.db.failures', {
      unit: '{failure}',
      description: 'Requests that failed because of the database, by cause',
    });
    // From the start: a counter that appears with its first failures hides them from rate().
    for (const cause of Object.keys(CAUSES) as CauseName[]) this.counter.add(0, labels(cause));
  }

  /** A request failed with this error. One line for each cause and 10 s, without a word of pg's, which quotes values. */
  ofRequest(error: unknown): void {
    const cause = this.noted(error);
    if (!cause) return;
    this.counter.add(1, labels(cause));
    this.write('A request failed', error, cause);
  }

  /**
   * Says of an error, for its log line, during which statement it came.
   * @param summary operation and tables
   * @param ms that the caller waited, for the connection or for the answer
   */
  during(error: unknown, summary: string, ms: number): void {
    if (error instanceof Error)
      this.statements.set(error, { 'db.query.summary': summary, waited_ms: Math.round(ms) });
  }

  /** No connection could be opened, for whoever asked: told where only somebody can mend it. */
  ofConnecting(error: unknown): void {
    const cause = causeName(error);
    if (!cause || CAUSES[cause].passes) return;
    this.noted(error);
    this.write('No connection could be opened', error, cause);
  }

  /** PostgreSQL answered a statement of the pool: it is there, and lets this service in. */
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

  /** Writes the lines that are held back. */
  end(): void {
    this.log.flush();
  }

  private noted(error: unknown): CauseName | undefined {
    const cause = causeName(error);
    if (cause && CAUSES[cause].hits)
      this.seen.set(cause, { at: performance.now(), sqlstate: answeredState(error) });
    return cause;
  }

  /** Any answer since proves that the server, the role and the pool are well; of the data it says nothing. */
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

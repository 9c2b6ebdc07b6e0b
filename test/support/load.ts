import type { Random } from '@app/load';
import { isSuccess } from './usual-request';

/** One request and its result. */
export interface Sent {
  /** `performance.now()` when it was sent. */
  at: number;
  /** Milliseconds until its answer was complete. */
  ms: number;
  /** 0 if there was no answer. */
  status: number;
  /** What the database's failure was, as the problem document says. */
  cause?: string;
}

/** An open load: requests are sent when they are due, however long the ones before them take. */
export class Load {
  /** The answered requests, in the order of their answers. */
  readonly sent: Sent[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private timer?: NodeJS.Timeout;
  private dueAt = performance.now();

  /** @param perSecond requests on average, at times independent of each other */
  constructor(
    private readonly perSecond: number,
    private readonly random: Random,
    private readonly request: () => Promise<{ status: number; body?: unknown }>,
  ) {
    this.next();
  }

  /** Resolves when the last answer has arrived. */
  async stop(): Promise<Sent[]> {
    clearTimeout(this.timer);
    await Promise.all(this.underWay);
    return this.sent;
  }

  private next(): void {
    this.dueAt += this.random.exponential(1_000 / this.perSecond);
    this.timer = setTimeout(
      () => {
        const answered = this.send().finally(() => this.underWay.delete(answered));
        this.underWay.add(answered);
        this.next();
      },
      Math.max(0, this.dueAt - performance.now()),
    );
  }

  private async send(): Promise<void> {
    const at = performance.now();
    const { status, cause } = await this.request().then(
      ({ status, body }) => ({ status, cause: (body as { reason?: string } | undefined)?.reason }),
      () => ({ status: 0, cause: undefined }),
    );
    this.sent.push({ at, ms: performance.now() - at, status, cause });
  }
}

/** Milliseconds from `since` until the first success with no failure after it. */
export function backAfter(sent: Sent[], since: number): number {
  const after = sent
    .map(({ at, ms, status }) => ({ at: at + ms - since, status }))
    .filter(({ at }) => at > 0);
  const failures = after.filter(({ status }) => !isSuccess(status)).map(({ at }) => at);
  const successes = after.filter(({ status }) => isSuccess(status)).map(({ at }) => at);
  return Math.max(...failures, Math.min(...successes));
}

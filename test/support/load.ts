import type { Random } from '@app/load';
import { isSuccess } from './usual-request';

/** One request and what came of it. */
export interface Sent {
  /** `performance.now()` when it was sent. */
  at: number;
  /** Milliseconds until its answer was there. */
  ms: number;
  /** 0 without an answer. */
  status: number;
}

/** An open load: requests go out when their time has come, however long the ones before them take. */
export class Load {
  /** Those that were answered, in that order. */
  readonly sent: Sent[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private timer?: NodeJS.Timeout;
  private dueAt = performance.now();

  /** @param perSecond requests on average, at times that know nothing of each other */
  constructor(
    private readonly perSecond: number,
    private readonly random: Random,
    private readonly request: () => Promise<{ status: number }>,
  ) {
    this.next();
  }

  /** Resolves when the last answer is there. */
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
    const status = await this.request().then(
      (answer) => answer.status,
      () => 0,
    );
    this.sent.push({ at, ms: performance.now() - at, status });
  }
}

/** Milliseconds from `since` until there was a success, and no failure after it. */
export function backAfter(sent: Sent[], since: number): number {
  const after = sent
    .map(({ at, ms, status }) => ({ at: at + ms - since, status }))
    .filter(({ at }) => at > 0);
  const failures = after.filter(({ status }) => !isSuccess(status)).map(({ at }) => at);
  const successes = after.filter(({ status }) => isSuccess(status)).map(({ at }) => at);
  return Math.max(...failures, Math.min(...successes));
}

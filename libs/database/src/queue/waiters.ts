import type { ConnectionFailure } from '../failures/connection-failure';
import type { Caller } from './caller';
import type { PooledConnection } from './pooled-connection';

interface Waiter {
  since: number;
  resolve(client: PooledConnection): void;
  reject(error: unknown): void;
}

/**
 * The requests that wait for a connection, first come, first served. Each leaves with a connection or an error, at its
 * deadline, or when its caller goes away.
 */
export class Waiters {
  private readonly waiting: Waiter[] = [];

  constructor(
    private readonly timeoutMs: number,
    /** Makes the error of one that has left without a connection; its caller is gone, or the deadline has come. */
    private readonly failed: (gone: boolean, waitedMs: number) => ConnectionFailure,
  ) {}

  get count(): number {
    return this.waiting.length;
  }

  /** Milliseconds that the request at this place has waited, the oldest at 0; undefined where nobody waits. */
  waited(place: number): number | undefined {
    const waiter = this.waiting[place];
    return waiter && performance.now() - waiter.since;
  }

  /** @throws ConnectionFailure at the deadline, and when the caller goes away */
  join(caller?: Caller): Promise<PooledConnection> {
    return new Promise((resolve, reject) => {
      const settled =
        <Value>(settle: (value: Value) => void) =>
        (value: Value) => {
          clearTimeout(timer);
          caller?.settled(gone);
          settle(value);
        };
      const waiter: Waiter = { since: performance.now(), resolve: settled(resolve), reject: settled(reject) };
      const gone = () => this.leave(waiter, true);
      const timer = setTimeout(() => this.leave(waiter, false), this.timeoutMs);
      caller?.onceGone(gone);
      this.waiting.push(waiter);
    });
  }

  /** The oldest leaves with this connection. */
  serve(client: PooledConnection): void {
    this.waiting.shift()?.resolve(client);
  }

  /** The oldest leaves with this error. */
  refuse(error: unknown): void {
    this.waiting.shift()?.reject(error);
  }

  refuseAll(error: unknown): void {
    for (const waiter of this.waiting.splice(0)) waiter.reject(error);
  }

  private leave(waiter: Waiter, gone: boolean): void {
    const place = this.waiting.indexOf(waiter);
    if (place < 0) return;
    this.waiting.splice(place, 1);
    waiter.reject(this.failed(gone, performance.now() - waiter.since));
  }
}

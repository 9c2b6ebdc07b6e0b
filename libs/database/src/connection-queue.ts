import { Configuration } from '@app/configuration';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { Caller } from './caller';
import { ConnectionFailure, type ConnectionFailureReason } from './connection-failure';
import { Connections } from './connections';
import { DatabaseMetrics } from './database-metrics';
import { Openings } from './openings';
import { ProbePace } from './probe-pace';
import { SharedBudget } from './shared-budget';
import { errorCode, isPassing, TOO_MANY_CONNECTIONS } from './sqlstate';
import { Turns } from './turns';

interface Waiter {
  since: number;
  resolve(client: PoolClient): void;
  reject(error: unknown): void;
}

/**
 * First come, first served, in front of `pg.Pool`. pg-pool rejects at the moment the server says 53300; here a
 * request waits for a slot of the shared budget up to its deadline. The server alone enforces the budget.
 */
@Injectable()
export class ConnectionQueue implements OnApplicationShutdown {
  private readonly waiters: Waiter[] = [];
  private readonly hadAt = new WeakMap<PoolClient, number>();
  private readonly turns = new Turns();
  private readonly pace = new ProbePace();
  /** Idle connections that are on their way to a waiter. */
  private grabbing = 0;
  /** Each serves whoever is the oldest waiter by then. */
  private readonly openings: Openings;
  private timer?: NodeJS.Timeout;
  private lastError?: unknown;
  private closed = false;
  /** Since the start of the process. */
  readonly counts = { served: 0, timed_out: 0, refused: 0, given_back: 0 };

  constructor(
    private readonly connections: Connections,
    private readonly budget: SharedBudget,
    private readonly metrics: DatabaseMetrics,
    private readonly configuration: Configuration,
  ) {
    this.openings = new Openings(connections, budget, this.pace, () => this.pump());
    connections.onChange(() => this.pump());
    budget.on('scarce', (scarce) => connections.keepIdle(scarce ? 0 : configuration.DB_POOL_MIN));
    budget.on('view', () => this.restoreIdle());
    budget.on('giveWay', (ms) => this.giveWay(ms));
    budget.on('freed', () => this.wake());
    // Idle connections would not tell that they lead nowhere any more: the next request would wait on one in vain.
    budget.on('lost', () => connections.dropIdle(true));
    metrics.observePool(() => {
      const { in_use, held_by_fault, idle, waiting } = this.own;
      return { used: in_use + held_by_fault, idle, waiting };
    });
    metrics.observeBudget(budget);
  }

  /** Connections of this process right now, by what they do, and the requests that wait for one. */
  get own() {
    const { open, idle, takenAside } = this.connections;
    const in_use = Math.max(0, open - idle - takenAside - this.openings.underWay);
    return { in_use, idle, waiting: this.waiters.length, held_by_fault: takenAside };
  }

  /**
   * A connection, in turn; no promise where nobody has to wait. Give it back with `release`.
   * @throws ConnectionFailure at the deadline, at once when the queue is full, and when the caller goes away
   */
  acquire(caller?: Caller): PoolClient | Promise<PoolClient> {
    if (this.waiters.length >= this.configuration.DB_QUEUE_MAX || this.closed) {
      this.counts.refused++;
      return Promise.reject(new ConnectionFailure('queue_full', 0, this.lastError));
    }
    if (caller?.gone) return Promise.reject(new ConnectionFailure('caller_gone', 0));
    const warm = this.waiters.length === 0 ? this.connections.takeWarm() : undefined;
    if (warm) {
      this.had(warm, 0);
      return warm;
    }
    return new Promise((resolve, reject) => {
      const settled =
        <Value>(settle: (value: Value) => void) =>
        (value: Value) => {
          clearTimeout(timer);
          caller?.settled(gone);
          settle(value);
        };
      const waiter: Waiter = { since: performance.now(), resolve: settled(resolve), reject: settled(reject) };
      const late = () => this.giveUp(waiter, this.timeoutReason());
      const gone = () => this.giveUp(waiter, 'caller_gone');
      const timer = setTimeout(late, this.configuration.DB_ACQUIRE_TIMEOUT_MS);
      caller?.onceGone(gone);
      this.waiters.push(waiter);
      this.pump();
    });
  }

  /** @param broken true when nobody knows the state of the connection, or the server does not answer on it */
  release(client: PoolClient, broken = false): void {
    const had = this.hadAt.get(client);
    if (had !== undefined) this.metrics.connectionGivenBack(performance.now() - had);
    this.hadAt.delete(client);
    if (broken) return this.connections.close(client, true);
    if (!this.turns.mustGiveBack(this.situation(client)))
      return this.waiters.length > 0 ? this.handOut(client) : this.connections.keep(client);
    this.counts.given_back++;
    // The slot is for another process: this one does not grab it back at once.
    this.pace.pause();
    this.connections.close(client);
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    for (const waiter of this.waiters.splice(0)) waiter.reject(new ConnectionFailure('queue_full', 0));
    await this.connections.end();
  }

  /** Serves waiters from idle connections, and opens new ones for the rest as fast as the server takes it. */
  private pump(): void {
    if (this.closed) return;
    this.budget.report(this.waiters.length);
    while (this.waiters.length > this.grabbing && this.connections.idle > this.grabbing) void this.grab();
    const pause = this.pace.remaining();
    if (pause > 0) return this.pumpIn(pause);
    while (this.mayOpen()) void this.open();
  }

  private mayOpen(): boolean {
    const served = this.grabbing + this.openings.promising;
    const needed = this.waiters.length > served && this.connections.idle <= this.grabbing;
    return needed && this.openings.mayOpenMore;
  }

  /** Takes an idle connection: that cannot be refused. */
  private async grab(): Promise<void> {
    this.grabbing++;
    try {
      const client = await this.connections.connect();
      this.grabbing--;
      this.handOut(client);
    } catch (error) {
      this.grabbing--;
      this.pace.refused();
      this.refused(error);
    }
  }

  private async open(): Promise<void> {
    try {
      this.handOut(await this.openings.open());
      this.pump();
    } catch (error) {
      this.refused(error);
    }
  }

  private handOut(client: PoolClient): void {
    const waiter = this.waiters.shift();
    if (!waiter) return this.release(client);
    this.had(client, performance.now() - waiter.since);
    this.budget.report(this.waiters.length);
    waiter.resolve(client);
  }

  private had(client: PoolClient, waitedMs: number): void {
    this.counts.served++;
    this.hadAt.set(client, performance.now());
    this.metrics.connectionHad(waitedMs);
  }

  /** Passing trouble is waited out until the deadline; any other fails the one whose turn it is. */
  private refused(error: unknown): void {
    this.lastError = error;
    if (isPassing(error)) return this.pumpIn(this.pace.remaining());
    this.waiters.shift()?.reject(error);
    this.pump();
  }

  private giveUp(waiter: Waiter, reason: ConnectionFailureReason): void {
    const place = this.waiters.indexOf(waiter);
    if (place < 0) return;
    this.waiters.splice(place, 1);
    if (reason !== 'caller_gone') {
      this.counts.timed_out++;
      this.metrics.timedOut();
    }
    this.budget.report(this.waiters.length);
    waiter.reject(new ConnectionFailure(reason, performance.now() - waiter.since, this.lastError));
  }

  private timeoutReason(): ConnectionFailureReason {
    const full = !this.pace.refusedLately || errorCode(this.lastError) === TOO_MANY_CONNECTIONS;
    return full ? 'pool_timeout' : 'unreachable';
  }

  private pumpIn(ms: number): void {
    if (this.timer || this.waiters.length === 0) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.pump();
    }, ms + 1);
  }

  private situation(client: PoolClient) {
    return {
      now: performance.now(),
      openedAt: this.connections.opened(client),
      waitingHere: this.waiters.length,
      waitingElsewhere: this.budget.othersWaiting,
      scarce: this.budget.scarce,
    };
  }

  /** Gives back all idle connections now, and for `ms` each one that becomes free; opens none meanwhile. */
  private giveWay(ms: number): void {
    this.turns.giveAllUntil(performance.now() + ms);
    this.pace.pause(ms);
    if (this.waiters.length === 0) this.connections.dropIdle();
  }

  /** Slots are free again: try at once. */
  private wake(): void {
    this.turns.giveAllUntil(0);
    this.pace.reset();
    this.pump();
  }

  /** Idle connections that were lost or given back come back with the next look that finds room for them. */
  private restoreIdle(): void {
    if (!this.budget.scarce && this.pace.remaining() === 0) this.connections.restoreIdle();
  }
}

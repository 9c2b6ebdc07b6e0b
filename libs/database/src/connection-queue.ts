import { Configuration } from '@app/configuration';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { ConnectionFailure } from './connection-failure';
import { DatabaseMetrics } from './database-metrics';
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
 * Percent of the budget in use from which on idle connections are given back at once, and below which the budget
 * has room again. Apart, so that giving back does not make room for opening at once what was given back.
 */
const SCARCE_FROM_PERCENT = 90;
const ROOM_BELOW_PERCENT = 80;

/**
 * First come, first served, in front of `pg.Pool`. pg-pool rejects at the moment the server says 53300; here a
 * request waits for a slot of the shared budget up to its deadline. The server alone enforces the budget.
 */
@Injectable()
export class ConnectionQueue implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly waiters: Waiter[] = [];
  private readonly aside = new Set<PoolClient>();
  private readonly openedAt = new WeakMap<PoolClient, number>();
  private readonly hadAt = new WeakMap<PoolClient, number>();
  private readonly turns = new Turns();
  private readonly pace = new ProbePace();
  /** Idle connections that are on their way to a waiter. */
  private grabbing = 0;
  /** Connections being opened; each serves whoever is the oldest waiter by then. */
  private opening = 0;
  private timer?: NodeJS.Timeout;
  private lastError?: unknown;
  private scarce = false;
  private closed = false;
  /** Since the start of the process. */
  readonly counts = { served: 0, timed_out: 0, refused: 0, given_back: 0 };

  constructor(
    private readonly pool: Pool,
    private readonly budget: SharedBudget,
    private readonly metrics: DatabaseMetrics,
    private readonly configuration: Configuration,
  ) {
    metrics.observePool(() => {
      const { in_use, held_by_fault, idle, waiting } = this.own;
      return { used: in_use + held_by_fault, idle, waiting };
    });
    metrics.observeBudget(budget);
    pool.on('connect', (client) => this.openedAt.set(client, performance.now()));
    // pg-pool tells of a release before the connection is idle again.
    pool.on('release', () => queueMicrotask(() => this.pump()));
    pool.on('remove', () => this.pump());
    budget.on('view', () => this.heed());
    budget.on('giveWay', (ms) => this.giveWay(ms));
    budget.on('freed', () => this.wake());
  }

  onApplicationBootstrap(): void {
    this.warmUp();
  }

  /** Connections of this process right now, by what they do, and the requests that wait for one. */
  get own() {
    const { totalCount, idleCount } = this.pool;
    const in_use = Math.max(0, totalCount - idleCount - this.aside.size - this.opening);
    return { in_use, idle: idleCount, waiting: this.waiters.length, held_by_fault: this.aside.size };
  }

  /**
   * A connection, in turn. Give it back with `release`.
   * @throws ConnectionFailure at the deadline, at once when the queue is full, and when `signal` aborts
   */
  acquire(signal?: AbortSignal): Promise<PoolClient> {
    if (this.waiters.length >= this.configuration.DB_QUEUE_MAX || this.closed) {
      this.counts.refused++;
      return Promise.reject(new ConnectionFailure('queue_full', 0, this.lastError));
    }
    if (signal?.aborted) return Promise.reject(new ConnectionFailure('caller_gone', 0));
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { since: performance.now(), resolve: settled(resolve), reject: settled(reject) };
      const timer = setTimeout(
        () => this.giveUp(waiter, this.timeoutReason()),
        this.configuration.DB_ACQUIRE_TIMEOUT_MS,
      );
      const gone = () => this.giveUp(waiter, 'caller_gone');
      signal?.addEventListener('abort', gone, { once: true });
      this.waiters.push(waiter);
      this.pump();

      function settled<Value>(settle: (value: Value) => void): (value: Value) => void {
        return (value) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', gone);
          settle(value);
        };
      }
    });
  }

  /** @param unusable true closes the connection instead of keeping it: its state is not known */
  release(client: PoolClient, unusable = false): void {
    const giveBack = !unusable && this.turns.mustGiveBack(this.situation(client));
    if (giveBack) {
      this.counts.given_back++;
      // The slot is for another process: this one does not grab it back at once.
      this.pace.pause();
    }
    // Without this, a goodbye would wait for a server that does not answer.
    if (unusable) client.connection.stream.destroy();
    client.release(unusable || giveBack);
    const hadAt = this.hadAt.get(client);
    if (hadAt !== undefined) this.metrics.connectionGivenBack(performance.now() - hadAt);
    this.hadAt.delete(client);
  }

  /**
   * A connection past the queue, for one who takes many at a time and keeps them. Give it back with `putBack`.
   * @throws the error of pg as it is, 53300 among them
   */
  async takeAside(): Promise<PoolClient> {
    const client = await this.connect();
    this.aside.add(client);
    return client;
  }

  /** Closes a connection that was taken aside, so that its slot is free again. Twice does no harm. */
  putBack(client: PoolClient): void {
    if (this.aside.delete(client)) client.release(true);
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    for (const waiter of this.waiters.splice(0)) waiter.reject(new ConnectionFailure('queue_full', 0));
    for (const client of [...this.aside]) this.putBack(client);
    await this.pool.end();
  }

  private pump(): void {
    if (this.closed) return;
    this.budget.report(this.waiters.length);
    while (this.waiters.length > this.grabbing && this.pool.idleCount > this.grabbing) void this.grab();
    const pause = this.pace.remaining();
    if (pause > 0) return this.pumpIn(pause);
    while (this.mayOpen()) void this.open();
  }

  private mayOpen(): boolean {
    const served = this.grabbing + this.opening;
    const room = this.pool.totalCount < this.pool.options.max && this.opening < this.pace.width;
    return room && this.waiters.length > served && this.pool.idleCount <= this.grabbing;
  }

  /** Takes an idle connection: that cannot be refused. */
  private async grab(): Promise<void> {
    this.grabbing++;
    try {
      const client = await this.pool.connect();
      this.grabbing--;
      this.handOut(client);
    } catch (error) {
      this.grabbing--;
      this.refused(error);
    }
  }

  private async open(): Promise<void> {
    this.opening++;
    try {
      if (this.pace.refusedLately) await this.requireFreeSlot();
      const client = await this.connect();
      this.opening--;
      this.pace.accepted();
      this.handOut(client);
      this.pump();
    } catch (error) {
      this.opening--;
      this.refused(error);
    }
  }

  /** An idle connection if there is one by then, else a new one. */
  private async connect(): Promise<PoolClient> {
    const asked = performance.now();
    const client = await this.pool.connect();
    const openedAt = this.openedAt.get(client) ?? 0;
    if (openedAt > asked) this.metrics.connectionCreated(openedAt - asked);
    return client;
  }

  /** A look at the shared view costs the server 1 ms; a refusal costs it a process start, about 10 ms. */
  private async requireFreeSlot(): Promise<void> {
    await this.budget.lookAfresh();
    if (this.budget.free <= 0)
      throw Object.assign(new Error('the budget is used up'), { code: TOO_MANY_CONNECTIONS });
  }

  private handOut(client: PoolClient): void {
    const waiter = this.waiters.shift();
    if (!waiter) return this.release(client);
    this.counts.served++;
    const now = performance.now();
    this.hadAt.set(client, now);
    this.metrics.connectionHad(now - waiter.since);
    this.budget.report(this.waiters.length);
    waiter.resolve(client);
  }

  /** Passing trouble is waited out until the deadline; any other fails the one whose turn it is. */
  private refused(error: unknown): void {
    this.lastError = error;
    this.pace.refused();
    if (isPassing(error)) return this.pumpIn(this.pace.remaining());
    this.waiters.shift()?.reject(error);
    this.pump();
  }

  private giveUp(waiter: Waiter, reason: ConnectionFailure['reason']): void {
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

  private timeoutReason(): ConnectionFailure['reason'] {
    const full = this.pace.refusedLately === false || errorCode(this.lastError) === TOO_MANY_CONNECTIONS;
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
      openedAt: this.openedAt.get(client) ?? 0,
      waitingHere: this.waiters.length,
      waitingElsewhere: this.budget.othersWaiting,
      scarce: this.scarce,
    };
  }

  /** A scarce budget is no place for idle connections; when it has room again, the floor is restored. */
  private heed(): void {
    const used = this.budget.view?.utilization_percent ?? 0;
    const scarce = used >= (this.scarce ? ROOM_BELOW_PERCENT : SCARCE_FROM_PERCENT);
    if (scarce === this.scarce) return;
    this.scarce = scarce;
    this.pool.options.min = scarce ? 0 : this.configuration.DB_POOL_MIN;
    if (scarce) this.dropIdle();
    else this.warmUp();
  }

  /** Gives back all idle connections now, and for `ms` each one that becomes free; opens none meanwhile. */
  private giveWay(ms: number): void {
    this.turns.giveAllUntil(performance.now() + ms);
    this.pace.pause(ms);
    this.dropIdle();
  }

  /** Slots are free again: try at once. */
  private wake(): void {
    this.turns.giveAllUntil(0);
    this.pace.reset();
    this.pump();
    if (!this.scarce) this.warmUp();
  }

  private dropIdle(): void {
    if (this.waiters.length > 0) return;
    for (let idle = this.pool.idleCount; idle > 0; idle--) {
      this.pool.connect().then(
        (client) => client.release(true),
        () => undefined,
      );
    }
  }

  /** Opens the floor of idle connections ahead of the first request. A failure does not matter: requests try again. */
  private warmUp(): void {
    const missing = this.configuration.DB_POOL_MIN - this.pool.totalCount;
    for (let opened = 0; opened < missing; opened++) {
      this.connect().then(
        (client) => client.release(),
        () => undefined,
      );
    }
  }
}

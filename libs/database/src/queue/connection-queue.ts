import { Configuration } from '@app/configuration';
import { Injectable } from '@nestjs/common';
import { waitsForName } from '../budget/server-socket';
import { SharedBudget } from '../budget/shared-budget';
import { DatabaseMetrics } from '../database-metrics';
import { causeName, isPassing } from '../failures/cause-of';
import { ConnectionFailure, type ConnectionFailureReason } from '../failures/connection-failure';
import { errorCode, TOO_MANY_CONNECTIONS } from '../failures/sqlstate';
import type { Caller } from './caller';
import { ConnectAttempts } from './connect-attempts';
import { ConnectBackoff } from './connect-backoff';
import { Connections } from './connections';
import { GiveBackPolicy } from './give-back-policy';
import type { PooledConnection } from './pooled-connection';
import { Waiters } from './waiters';

/** Least milliseconds between two considerations of a probe. */
const PROBE_CHECK_MS = 20;
/** Most milliseconds that a request waits for a connection in use before another one is opened for it. */
const LONGEST_GRACE_MS = 20;

/**
 * First come, first served, in front of `pg.Pool`. pg-pool rejects at the moment the server says 53300; here a
 * request waits for a slot of the shared budget up to its deadline. The server alone enforces the budget.
 */
@Injectable()
export class ConnectionQueue {
  private readonly waiters: Waiters;
  private readonly giveBack = new GiveBackPolicy();
  private readonly backoff = new ConnectBackoff();
  /** Idle connections that are on their way to a waiter. */
  private takingIdle = 0;
  /** Each serves whoever is the oldest waiter by then. */
  private readonly attempts: ConnectAttempts;
  private timer?: NodeJS.Timeout;
  private timerDueAt = 0;
  private lastError?: unknown;
  private closed = false;
  /** Since the start of the process. */
  readonly counts = { arrived: 0, served: 0, timed_out: 0, refused: 0, given_back: 0 };
  /** Connections that were given back since the start of the process, and the milliseconds for which they were kept. */
  readonly uses = { count: 0, ms: 0 };

  constructor(
    private readonly connections: Connections,
    private readonly budget: SharedBudget,
    private readonly metrics: DatabaseMetrics,
    private readonly configuration: Configuration,
  ) {
    this.waiters = new Waiters(configuration.DB_ACQUIRE_TIMEOUT_MS, (gone, ms) => this.gaveUp(gone, ms));
    this.attempts = new ConnectAttempts(connections, budget, this.backoff, () => this.pump());
    connections.onChange(() => this.pump());
    budget.on('scarce', (scarce) => connections.keepIdle(scarce ? 0 : configuration.DB_POOL_MIN));
    budget.on('view', () => this.restoreIdle());
    budget.on('giveWay', (ms) => this.giveWay(ms));
    budget.on('freed', () => this.wake());
    // Idle connections do not tell that they lead nowhere any more: the next request would wait on one in vain.
    budget.on('silent', () => void connections.verifyIdle());
    metrics.observePool(() => {
      const { in_use, held_by_fault, idle, waiting } = this.own;
      return { used: in_use + held_by_fault, idle, waiting, max: connections.max };
    });
    metrics.observeBudget(budget);
  }

  /** Connections of this process right now, by what they do, and the requests that wait for one. */
  get own() {
    const { open, idle, takenAside } = this.connections;
    const in_use = Math.max(0, open - idle - takenAside - this.attempts.count);
    const oldest_wait_ms = Math.round(this.waiters.waited(0) ?? 0);
    return { in_use, idle, waiting: this.waiters.count, oldest_wait_ms, held_by_fault: takenAside };
  }

  /**
   * A connection, in turn; no promise where nobody has to wait. Give it back with `release`.
   * @throws ConnectionFailure at the deadline, at once when the queue is full, and when the caller goes away
   */
  acquire(caller?: Caller): PooledConnection | Promise<PooledConnection> {
    this.counts.arrived++;
    if (this.waiters.count >= this.configuration.DB_QUEUE_MAX || this.closed) {
      this.counts.refused++;
      return Promise.reject(new ConnectionFailure('queue_full', 0, this.lastError));
    }
    if (caller?.gone) return Promise.reject(new ConnectionFailure('caller_gone', 0));
    const warm = this.waiters.count === 0 ? this.connections.takeWarm() : undefined;
    if (warm) {
      this.acquired(warm, 0);
      return warm;
    }
    const served = this.waiters.join(caller);
    this.pump();
    return served;
  }

  /** @param broken true when nobody knows the state of the connection, or the server does not answer on it */
  release(client: PooledConnection, broken = false): void {
    this.countUse(client);
    if (broken) return this.connections.close(client, true);
    this.attempts.serverAnswered();
    if (this.connections.tooMany) return this.connections.close(client);
    if (!this.giveBack.mustGiveBack(this.situation(client)))
      return this.waiters.count > 0 ? this.handOut(client) : this.connections.keep(client);
    this.counts.given_back++;
    // The slot is for another process: this one does not take it back at once.
    this.backoff.pause();
    this.connections.close(client);
  }

  private countUse(client: PooledConnection): void {
    if (client.acquiredAt === undefined) return;
    const ms = performance.now() - client.acquiredAt;
    client.acquiredAt = undefined;
    this.metrics.connectionGivenBack(ms);
    this.uses.count++;
    this.uses.ms += ms;
  }

  async end(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    this.waiters.refuseAll(new ConnectionFailure('queue_full', 0));
    await this.connections.end();
  }

  /** Serves waiters from idle connections, and opens new ones for the rest as fast as the server takes it. */
  private pump(): void {
    if (this.closed) return;
    this.budget.report(this.waiters.count);
    while (this.waiters.count > this.takingIdle && this.connections.idle > this.takingIdle)
      void this.takeIdle();
    const pause = this.backoff.remaining();
    if (pause > 0) return this.pumpIn(pause);
    while (this.mayOpen()) void this.open();
    const grace = this.graceLeft();
    if (grace > 0) this.pumpIn(grace);
    if (this.attempts.isSilent) this.pumpIn(Math.max(this.attempts.untilProbe, PROBE_CHECK_MS));
  }

  private mayOpen(): boolean {
    const needed = this.unservedForMs !== undefined && this.connections.idle <= this.takingIdle;
    return needed && this.attempts.mayOpenMore && this.graceLeft() === 0;
  }

  /** How long the first request has waited that neither an idle connection nor one that is being opened is for. */
  private get unservedForMs(): number | undefined {
    return this.waiters.waited(this.takingIdle + this.attempts.promising);
  }

  /**
   * Milliseconds until a connection is worth opening for that request. As long as opening one takes, one of those in
   * use most likely becomes free before: a burst of short statements costs the server no processes.
   */
  private graceLeft(): number {
    const waitedMs = this.unservedForMs;
    if (waitedMs === undefined || this.own.in_use === 0) return 0;
    return Math.max(0, Math.min(LONGEST_GRACE_MS, this.backoff.openingMs) - waitedMs);
  }

  /** Takes an idle connection: that cannot be refused. */
  private async takeIdle(): Promise<void> {
    this.takingIdle++;
    try {
      const client = await this.connections.connect();
      this.takingIdle--;
      this.handOut(client);
    } catch (error) {
      this.takingIdle--;
      this.backoff.refused();
      this.refused(error);
    }
  }

  private async open(): Promise<void> {
    try {
      this.handOut(await this.attempts.open());
      this.pump();
    } catch (error) {
      this.refused(error);
    }
  }

  private handOut(client: PooledConnection): void {
    const waitedMs = this.waiters.waited(0);
    if (waitedMs === undefined) return this.release(client);
    this.acquired(client, waitedMs);
    this.waiters.serve(client);
    this.budget.report(this.waiters.count);
  }

  private acquired(client: PooledConnection, waitedMs: number): void {
    this.counts.served++;
    client.acquiredAt = performance.now();
    this.metrics.connectionAcquired(waitedMs);
  }

  /** Passing trouble is waited out until the deadline; any other fails the one whose turn it is. */
  private refused(error: unknown): void {
    this.lastError = error;
    if (isPassing(error)) return this.pumpIn(this.backoff.remaining());
    this.waiters.refuse(error);
    this.pump();
  }

  private gaveUp(gone: boolean, waitedMs: number): ConnectionFailure {
    if (!gone) {
      this.counts.timed_out++;
      this.metrics.timedOut();
    }
    this.budget.report(this.waiters.count);
    return new ConnectionFailure(gone ? 'caller_gone' : this.timeoutReason(), waitedMs, this.lastError);
  }

  private timeoutReason(): ConnectionFailureReason {
    const full = errorCode(this.lastError) === TOO_MANY_CONNECTIONS;
    const cutOff = this.attempts.isSilent || (this.backoff.refusedLately && !full);
    if (!cutOff) return 'pool_timeout';
    return waitsForName() || causeName(this.lastError) === 'name_lookup' ? 'name_lookup' : 'unreachable';
  }

  /** Serves waiters again in `ms`, or before that where it was to be earlier. */
  private pumpIn(ms: number): void {
    if (this.waiters.count === 0) return;
    const dueAt = performance.now() + ms;
    if (this.timer && this.timerDueAt <= dueAt) return;
    clearTimeout(this.timer);
    this.timerDueAt = dueAt;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.pump();
    }, ms + 1);
  }

  private situation(client: PooledConnection) {
    return {
      now: performance.now(),
      openedAt: client.openedAt,
      waitingHere: this.waiters.count,
      waitingElsewhere: this.budget.othersWaiting,
      scarce: this.budget.scarce,
    };
  }

  /** Gives back all idle connections now, and for `ms` each one that becomes free; opens none meanwhile. */
  private giveWay(ms: number): void {
    this.giveBack.giveAllUntil(performance.now() + ms);
    this.backoff.pause(ms);
    if (this.waiters.count === 0) this.connections.dropIdle();
  }

  /** Slots are free again: try at once. */
  private wake(): void {
    this.giveBack.giveAllUntil(0);
    this.backoff.reset();
    this.pump();
  }

  /** Idle connections that were lost or given back come back with the next look that finds room for them. */
  private restoreIdle(): void {
    if (!this.budget.scarce && this.backoff.remaining() === 0) this.connections.restoreIdle();
  }
}

import { Configuration } from '@app/configuration';
import { inBackground } from '@app/telemetry';
import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { DatabaseMetrics } from '../database-metrics';
import { Failures } from '../failures/failures';
import type { PooledConnection } from './pooled-connection';
import { WarmConnections } from './warm-connections';

/** An idle connection is kept for the time in which so many could be opened, at most for so many milliseconds. */
const IDLE_FOR_OPENINGS = 20;
const LONGEST_IDLE_MS = 10_000;

/** The open connections of this process: opened, kept idle, taken aside, closed. Who gets which is the queue's matter. */
@Injectable()
export class Connections {
  private readonly warm = new WarmConnections();
  private readonly aside = new Set<PooledConnection>();
  private readonly idleTimeoutMs: number;
  /** Idle connections that are kept; none while the budget is scarce. */
  private floor: number;
  private readonly usualMax: number;

  constructor(
    private readonly pool: Pool,
    private readonly metrics: DatabaseMetrics,
    private readonly failures: Failures,
    configuration: Configuration,
  ) {
    this.floor = configuration.DB_POOL_MIN;
    this.usualMax = configuration.DB_POOL_MAX;
    this.idleTimeoutMs = configuration.DB_POOL_IDLE_TIMEOUT_MS;
    pool.on('connect', (client) => {
      const connection = client as PooledConnection;
      connection.openedAt = performance.now();
      // While it is idle in the pool, the pool itself sees this.
      connection.on('error', () => this.lost(connection));
    });
  }

  get open(): number {
    return this.pool.totalCount;
  }

  get idle(): number {
    return this.pool.idleCount + this.warm.count;
  }

  get takenAside(): number {
    return this.aside.size;
  }

  /** Connections that this process may have. */
  get max(): number {
    return this.pool.options.max;
  }

  get mayOpenMore(): boolean {
    return this.open < this.max;
  }

  /** Whether there are more than there may be, since the maximum was lowered. */
  get tooMany(): boolean {
    return this.open > this.max;
  }

  /** Lowers the maximum from now on, or puts it back as it was configured. */
  limit(max = this.usualMax): void {
    this.pool.options.max = Math.min(max, this.usualMax);
    if (this.tooMany) this.dropIdle();
  }

  /** Calls back whenever a connection may have become idle, or its slot free. */
  onChange(changed: () => void): void {
    // pg-pool tells of a release before the connection is idle again.
    this.pool.on('release', () => queueMicrotask(changed));
    this.pool.on('remove', changed);
  }

  /** A connection that was used a moment ago, if there is one. */
  takeWarm(): PooledConnection | undefined {
    return this.warm.take();
  }

  /**
   * An idle connection if there is one by then, else a new one.
   * @throws the error of pg as it is, 53300 among them
   */
  async connect(): Promise<PooledConnection> {
    const warm = this.warm.take();
    if (warm) return warm;
    const asked = performance.now();
    // The connection outlives the request that asked for it.
    const client = await inBackground(() => this.fromPool()).catch((error) => {
      this.failures.ofConnecting(error);
      throw error;
    });
    if (client.openedAt > asked) this.metrics.connectionCreated(client.openedAt - asked);
    return client;
  }

  /**
   * How long an idle connection is kept follows from what it costs to open one: where that takes long, closing it and
   * opening it again would be most of the server's work.
   */
  keepIdleFor(openingMs: number): void {
    const kept = Math.min(LONGEST_IDLE_MS, openingMs * IDLE_FOR_OPENINGS);
    this.pool.options.idleTimeoutMillis = Math.max(this.idleTimeoutMs, kept);
  }

  /** Back to the idle ones. */
  keep(client: PooledConnection): void {
    this.warm.put(client);
  }

  /** @param broken its state is not known, or the server does not answer */
  close(client: PooledConnection, broken = false): void {
    if (broken) client.cutOff();
    client.release(true);
  }

  /** A connection for one who takes many at a time and keeps them. Give it back with `putBack`. */
  async takeAside(): Promise<PooledConnection> {
    const client = await this.connect();
    this.aside.add(client);
    return client;
  }

  /** Closes a connection that was taken aside, so that its slot is free again. Twice does no harm. */
  putBack(client: PooledConnection): void {
    if (this.aside.delete(client)) this.close(client);
  }

  /** How many idle connections to keep from now on; closes all when it is none. */
  keepIdle(floor: number): void {
    this.floor = floor;
    this.pool.options.min = floor;
    if (floor === 0) this.dropIdle();
  }

  /** Closes all idle connections. */
  dropIdle(): void {
    void this.eachIdle((client) => this.close(client));
  }

  /**
   * Asks the server on each idle connection whether it still leads there, and closes those on which it fails to answer.
   * Nobody else gets them meanwhile.
   */
  async verifyIdle(): Promise<void> {
    await this.eachIdle(async (client) => {
      try {
        await client.query('SELECT');
        client.release();
      } catch {
        this.close(client, true);
      }
    });
  }

  /** Opens the idle connections that are to be kept, ahead of the next request. */
  restoreIdle(): void {
    for (let open = this.open; open < Math.min(this.floor, this.max); open++)
      this.connect().then((client) => client.release(), ignore);
  }

  async end(): Promise<void> {
    for (const client of [...this.aside]) this.putBack(client);
    for (const client of this.warm.takeAll()) client.release();
    await this.pool.end();
  }

  private async eachIdle(act: (client: PooledConnection) => void | Promise<void>): Promise<void> {
    const warm = this.warm.takeAll().map(act);
    // pg-pool serves these from its idle connections: there are as many at this moment.
    const cold = Array.from({ length: this.pool.idleCount }, () => this.fromPool().then(act, ignore));
    await Promise.all([...warm, ...cold]);
  }

  private fromPool(): Promise<PooledConnection> {
    return this.pool.connect() as Promise<PooledConnection>;
  }

  private lost(client: PooledConnection): void {
    if (this.warm.remove(client)) this.close(client, true);
  }
}

/** A failure here does not matter: the next request tries again, and tells. */
function ignore(): void {}

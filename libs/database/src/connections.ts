import { Configuration } from '@app/configuration';
import { Injectable } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { DatabaseMetrics } from './database-metrics';
import { WarmConnections } from './warm-connections';

/** The open connections of this process: opened, kept idle, taken aside, closed. Who gets which is the queue's matter. */
@Injectable()
export class Connections {
  private readonly warm = new WarmConnections();
  private readonly aside = new Set<PoolClient>();
  private readonly openedAt = new WeakMap<PoolClient, number>();
  /** Idle connections that are kept; none while the budget is scarce. */
  private floor: number;

  constructor(
    private readonly pool: Pool,
    private readonly metrics: DatabaseMetrics,
    configuration: Configuration,
  ) {
    this.floor = configuration.DB_POOL_MIN;
    pool.on('connect', (client) => {
      this.openedAt.set(client, performance.now());
      // While it is idle in the pool, the pool itself sees this.
      client.on('error', () => this.lost(client));
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

  get mayOpenMore(): boolean {
    return this.pool.totalCount < this.pool.options.max;
  }

  /** Calls back whenever a connection may have become idle, or its slot free. */
  onChange(changed: () => void): void {
    // pg-pool tells of a release before the connection is idle again.
    this.pool.on('release', () => queueMicrotask(changed));
    this.pool.on('remove', changed);
  }

  /** A connection that was used a moment ago, if there is one. */
  takeWarm(): PoolClient | undefined {
    return this.warm.take();
  }

  /**
   * An idle connection if there is one by then, else a new one.
   * @throws the error of pg as it is, 53300 among them
   */
  async connect(): Promise<PoolClient> {
    const warm = this.warm.take();
    if (warm) return warm;
    const asked = performance.now();
    const client = await this.pool.connect();
    const opened = this.openedAt.get(client) ?? 0;
    if (opened > asked) this.metrics.connectionCreated(opened - asked);
    return client;
  }

  /** `performance.now()` when the connection was opened. */
  opened(client: PoolClient): number {
    return this.openedAt.get(client) ?? 0;
  }

  /** Back to the idle ones. */
  keep(client: PoolClient): void {
    this.warm.put(client);
  }

  /** @param broken its state is not known, or the server does not answer */
  close(client: PoolClient, broken = false): void {
    // Without this, a goodbye would wait for a server that does not answer.
    if (broken) client.connection.stream.destroy();
    client.release(true);
  }

  /** A connection for one who takes many at a time and keeps them. Give it back with `putBack`. */
  async takeAside(): Promise<PoolClient> {
    const client = await this.connect();
    this.aside.add(client);
    return client;
  }

  /** Closes a connection that was taken aside, so that its slot is free again. Twice does no harm. */
  putBack(client: PoolClient): void {
    if (this.aside.delete(client)) this.close(client);
  }

  /** How many idle connections to keep from now on; closes all when it is none. */
  keepIdle(floor: number): void {
    this.floor = floor;
    this.pool.options.min = floor;
    if (floor === 0) this.dropIdle();
  }

  /** Closes all idle connections. */
  dropIdle(broken = false): void {
    for (const client of this.warm.takeAll()) this.close(client, broken);
    for (let idle = this.pool.idleCount; idle > 0; idle--)
      this.pool.connect().then((client) => this.close(client, broken), ignore);
  }

  /** Opens the idle connections that are to be kept, ahead of the next request. */
  restoreIdle(): void {
    for (let open = this.open; open < this.floor; open++)
      this.connect().then((client) => client.release(), ignore);
  }

  async end(): Promise<void> {
    for (const client of [...this.aside]) this.putBack(client);
    for (const client of this.warm.takeAll()) client.release();
    await this.pool.end();
  }

  private lost(client: PoolClient): void {
    if (this.warm.remove(client)) this.close(client, true);
  }
}

/** A failure here does not matter: the next request tries again, and tells. */
function ignore(): void {}

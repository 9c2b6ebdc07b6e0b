import { setTimeout } from 'node:timers/promises';
import type { Configuration } from '@app/configuration';
import { applicationName, type Connections, type PooledConnection } from '@app/database';
import { escapeLiteral } from 'pg';

/** Connections opened at the same time while nothing is refused. */
const MOST_AT_ONCE = 16;
const FIRST_GAP_MS = 10;
const LAST_GAP_MS = 100;

/**
 * Connections that are taken and kept, idle in autocommit, as an application with a leak keeps them: no lock, no
 * transaction, no snapshot. It keeps as many as `target` says, even after PostgreSQL ended them or was restarted.
 */
export class HeldConnections {
  private readonly held = new Set<PooledConnection>();
  private filling?: Promise<void>;
  private target = 0;

  constructor(
    private readonly connections: Connections,
    private readonly configuration: Configuration,
  ) {}

  get count(): number {
    return this.held.size;
  }

  /** Holds exactly this many from now on. Resolves when it does, or when another call has changed the number. */
  async hold(target: number): Promise<void> {
    this.target = target;
    while (this.held.size > target) this.release([...this.held].at(-1) as PooledConnection);
    await this.fill();
  }

  private fill(): Promise<void> {
    this.filling ??= this.fillUp().finally(() => {
      this.filling = undefined;
      // The target was raised during the wait for the last connections.
      return this.held.size < this.target ? this.fill() : undefined;
    });
    return this.filling;
  }

  private async fillUp(): Promise<void> {
    let width = MOST_AT_ONCE;
    let gapMs = FIRST_GAP_MS;
    const underWay = new Set<Promise<boolean>>();
    while (this.held.size < this.target) {
      while (underWay.size < Math.min(width, this.target - this.held.size)) this.tryToTake(underWay);
      if (await Promise.race(underWay)) {
        width = Math.min(MOST_AT_ONCE, width * 2);
        gapMs = FIRST_GAP_MS;
        continue;
      }
      // Every refused attempt costs the server the start of a process; the random part keeps two holders out of step.
      await Promise.all(underWay);
      width = Math.max(1, width >> 2);
      await setTimeout(gapMs * (0.5 + Math.random()));
      gapMs = Math.min(LAST_GAP_MS, gapMs * 1.5);
    }
    await Promise.all(underWay);
  }

  /** Adds one more attempt to those under way; it resolves with whether it brought a connection. */
  private tryToTake(underWay: Set<Promise<boolean>>): void {
    const taken = this.takeOne().then(
      () => true,
      () => false,
    );
    underWay.add(taken);
    void taken.then(() => underWay.delete(taken));
  }

  private async takeOne(): Promise<void> {
    const client = await this.connections.takeAside();
    try {
      // From now on, PostgreSQL's own view shows what the connection is for.
      const name = applicationName(this.configuration.SERVICE_NAME, 'held');
      await client.query(`SET application_name = ${escapeLiteral(name)}`);
    } catch (error) {
      this.connections.putBack(client);
      throw error;
    }
    if (this.held.size >= this.target) return this.connections.putBack(client);
    this.held.add(client);
    client.once('end', () => this.lost(client));
  }

  private release(client: PooledConnection): void {
    this.held.delete(client);
    this.connections.putBack(client);
  }

  /** To be called when PostgreSQL ended a held connection: another one replaces it while the target stands. */
  private lost(client: PooledConnection): void {
    if (!this.held.delete(client)) return;
    this.connections.putBack(client);
    void this.fill();
  }
}

import type { PooledConnection } from './pooled-connection';

/** Milliseconds for which a connection is kept at hand before pg's pool gets it back, and its idle time begins. */
const WARM_MS = 50;

/**
 * Connections that were used a moment ago. From here the next request has one at once; pg's pool takes two promises,
 * a timer and a turn of the event loop for it.
 */
export class WarmConnections {
  private readonly clients: { client: PooledConnection; since: number }[] = [];
  private timer?: NodeJS.Timeout;

  get count(): number {
    return this.clients.length;
  }

  /** The one that was used last, so that the others can become idle. */
  take(): PooledConnection | undefined {
    return this.clients.pop()?.client;
  }

  put(client: PooledConnection): void {
    this.clients.push({ client, since: performance.now() });
    this.timer ??= setTimeout(() => this.cool(), WARM_MS);
  }

  /** Takes a connection out that was lost. @returns whether it was here */
  remove(client: PooledConnection): boolean {
    const place = this.clients.findIndex((one) => one.client === client);
    if (place >= 0) this.clients.splice(place, 1);
    return place >= 0;
  }

  takeAll(): PooledConnection[] {
    return this.clients.splice(0).map(({ client }) => client);
  }

  private cool(): void {
    const now = performance.now();
    const warm = this.clients.findIndex(({ since }) => now - since < WARM_MS);
    for (const { client } of this.clients.splice(0, warm < 0 ? this.clients.length : warm)) client.release();
    this.timer = this.clients.length > 0 ? setTimeout(() => this.cool(), WARM_MS) : undefined;
  }
}

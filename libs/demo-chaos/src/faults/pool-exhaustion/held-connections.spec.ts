import { EventEmitter } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Configuration } from '@app/configuration';
import type { Connections, PooledConnection } from '@app/database';
import { HeldConnections } from './held-connections';

const OPENING_MS = 10;

/** The connections of a process, of which the server allows at most `limit` to be held. They open one by one. */
class PlayedConnections {
  limit = 100;
  tries = 0;
  mostAtOnce = 0;
  private atOnce = 0;
  readonly aside = new Set<EventEmitter>();
  readonly names: string[] = [];

  async takeAside(): Promise<PooledConnection> {
    this.tries++;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    await new Promise((resolve) => globalThis.setTimeout(resolve, OPENING_MS + (this.tries % 16)));
    this.atOnce--;
    if (this.aside.size >= this.limit) throw Object.assign(new Error('too many'), { code: '53300' });
    const query = async (sql: string) => void this.names.push(sql);
    const client = Object.assign(new EventEmitter(), { query });
    this.aside.add(client);
    return client as unknown as PooledConnection;
  }

  putBack(client: PooledConnection): void {
    this.aside.delete(client);
  }

  /** Ends one connection, as PostgreSQL does when it ends a session. */
  endOne(): void {
    const [client] = this.aside;
    client?.emit('end');
  }
}

describe('held connections', () => {
  let connections: PlayedConnections;
  let held: HeldConnections;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    connections = new PlayedConnections();
    held = new HeldConnections(
      connections as unknown as Connections,
      { SERVICE_NAME: 'inventory-service' } as Configuration,
    );
  });
  afterEach(() => jest.useRealTimers());

  /** Lets that many milliseconds pass, with all that happens meanwhile. */
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  const counts = () => [held.count, connections.aside.size];

  it('are as many as requested, and their name shows PostgreSQL what they are for', async () => {
    void held.hold(40);
    await pass(OPENING_MS * 12);
    expect(counts()).toEqual([40, 40]);
    expect(new Set(connections.names).size).toBe(1);
    expect(connections.names[0]).toMatch(/^SET application_name = '.*held.*'$/);
  });

  it('are fewer at once when fewer are requested', async () => {
    void held.hold(40);
    await pass(OPENING_MS * 12);
    await held.hold(7);
    expect(counts()).toEqual([7, 7]);
    await held.hold(0);
    expect(counts()).toEqual([0, 0]);
  });

  it('are no more than last requested, even while more are being opened', async () => {
    void held.hold(60);
    await pass(OPENING_MS / 2);
    void held.hold(5);
    await pass(OPENING_MS * 4);
    expect(counts()).toEqual([5, 5]);
  });

  it('are as many as last requested, even while the last of a smaller number are being opened', async () => {
    void held.hold(20);
    await pass(OPENING_MS / 2);
    void held.hold(5);
    await pass(OPENING_MS + 3);
    void held.hold(20);
    await pass(OPENING_MS * 8);
    expect(counts()).toEqual([20, 20]);
  });

  it('are taken again when PostgreSQL has ended them', async () => {
    void held.hold(3);
    await pass(OPENING_MS * 4);
    connections.endOne();
    expect(held.count).toBe(2);
    await pass(OPENING_MS * 4);
    expect(counts()).toEqual([3, 3]);
  });

  it('stay ended once they are no longer requested', async () => {
    void held.hold(3);
    await pass(OPENING_MS * 4);
    void held.hold(2);
    const tries = connections.tries;
    connections.endOne();
    await held.hold(0);
    await pass(1_000);
    expect(counts()).toEqual([0, 0]);
    expect(connections.tries - tries).toBeLessThanOrEqual(1);
  });

  it('are tried one at a time while the server refuses them, and are complete once it has room', async () => {
    // The pauses between attempts need the real clock.
    jest.useRealTimers();
    connections.limit = 10;
    void held.hold(30);
    await until(() => connections.tries >= 36);
    connections.mostAtOnce = 0;
    await until(() => connections.tries >= 39);
    expect(connections.mostAtOnce).toBe(1);
    connections.limit = 100;
    await until(() => held.count === 30);
    expect(counts()).toEqual([30, 30]);
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 20_000; !holds(); await setTimeout(5))
    expect(performance.now()).toBeLessThan(deadline);
}

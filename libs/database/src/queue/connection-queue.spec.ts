import { EventEmitter } from 'node:events';
import type { Configuration } from '@app/configuration';
import { Pool } from 'pg';
import type { SharedBudget } from '../budget/shared-budget';
import type { DatabaseMetrics } from '../database-metrics';
import { ConnectionFailure } from '../failures/connection-failure';
import type { Failures } from '../failures/failures';
import { Caller } from './caller';
import { ConnectionQueue } from './connection-queue';
import { Connections } from './connections';
import type { PooledConnection } from './pooled-connection';

const OPENING_MS = 10;
const ACQUIRE_MS = 3_000;
const QUEUE_MAX = 3;
const POOL_MAX = 20;

/** PostgreSQL as pg-pool meets it: it opens connections, refuses them, or says nothing. */
class PlayedServer {
  mood: 'answers' | 'is silent' | 'refuses the password' = 'answers';
  /** Connections that it allows. */
  limit = 100;
  openingMs = OPENING_MS;
  /** Attempts that have reached it since the start. */
  attempts = 0;
  readonly open = new Set<EventEmitter>();

  /** The class of client that a pool makes its connections of. */
  get Client() {
    const server = this;
    return class extends EventEmitter {
      /** By this, pg-pool knows that it may keep one. */
      readonly _queryable = true;
      readonly connection = { stream: { destroy: () => server.open.delete(this) }, parsedStatements: {} };

      connect(callback: (error?: Error) => void): void {
        server.attempts++;
        setTimeout(() => server.answer(this, callback), server.openingMs);
      }

      async query(): Promise<void> {
        if (server.mood !== 'answers') throw new Error('Connection terminated');
      }

      cutOff(): void {
        server.open.delete(this);
      }

      end(callback?: () => void): void {
        server.open.delete(this);
        setImmediate(() => callback?.());
      }
    };
  }

  private answer(client: EventEmitter, callback: (error?: Error) => void): void {
    if (this.mood === 'is silent') return;
    if (this.mood === 'refuses the password') return callback(coded('28P01'));
    if (this.open.size >= this.limit) return callback(coded('53300'));
    this.open.add(client);
    callback();
  }
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** The shared view as far as the queue knows it. */
class PlayedBudget extends EventEmitter {
  scarce = false;
  othersWaiting = false;
  free = Number.POSITIVE_INFINITY;
  readonly report = jest.fn();

  async refresh(): Promise<undefined> {
    return undefined;
  }
}

describe('the queue in front of the pool', () => {
  let server: PlayedServer;
  let budget: PlayedBudget;
  let queue: ConnectionQueue;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    server = new PlayedServer();
    budget = new PlayedBudget();
    const configuration = {
      DB_POOL_MIN: 0,
      DB_POOL_MAX: POOL_MAX,
      DB_POOL_IDLE_TIMEOUT_MS: 500,
      DB_ACQUIRE_TIMEOUT_MS: ACQUIRE_MS,
      DB_QUEUE_MAX: QUEUE_MAX,
    } as Configuration;
    const nothing = () => undefined;
    const metrics = new Proxy({}, { get: () => nothing }) as DatabaseMetrics;
    const failures = { ofConnecting: nothing } as unknown as Failures;
    const pool = new Pool({ Client: server.Client as never, max: POOL_MAX, idleTimeoutMillis: 500 });
    pool.on('error', nothing);
    const connections = new Connections(pool, metrics, failures, configuration);
    queue = new ConnectionQueue(connections, budget as unknown as SharedBudget, metrics, configuration);
  });
  afterEach(() => jest.useRealTimers());

  /** Lets so many milliseconds pass, with all that happens meanwhile. */
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  /** A connection, in the time that it takes to open one, and in which one in use may become free before. */
  async function opened(): Promise<PooledConnection> {
    const acquired = Promise.resolve(queue.acquire());
    await pass(2 * OPENING_MS + 5);
    return acquired;
  }

  /** What becomes of a request for a connection. */
  function asked(caller?: Caller): { outcome?: unknown } {
    const request: { outcome?: unknown } = {};
    const settle = (outcome: unknown) => {
      request.outcome = outcome;
    };
    Promise.resolve(queue.acquire(caller)).then(settle, settle);
    return request;
  }

  it('hands out the connection that was just given back, at once', async () => {
    const first = await opened();
    queue.release(first);
    expect(queue.acquire()).toBe(first);
    expect(server.attempts).toBe(1);
  });

  it('serves in turn', async () => {
    server.limit = 1;
    const first = await opened();
    const [second, third] = [asked(), asked()];
    await pass(100);
    queue.release(first);
    await pass(1);
    expect([second.outcome, third.outcome]).toEqual([first, undefined]);
  });

  it('opens no connection for a request that one in use serves sooner', async () => {
    const first = await opened();
    const second = asked();
    await pass(OPENING_MS - 2);
    queue.release(first);
    await pass(OPENING_MS);
    expect(second.outcome).toBe(first);
    expect(server.attempts).toBe(1);
  });

  it.each([
    ['as long as opening one takes', OPENING_MS, OPENING_MS],
    ['20 ms at most, however long opening one takes', 200, 20],
  ])('opens one for a request that has waited %s', async (_, openingMs, graceMs) => {
    server.openingMs = openingMs;
    asked();
    await pass(openingMs + 5);
    asked();
    await pass(graceMs - 2);
    expect(server.attempts).toBe(1);
    await pass(4);
    expect(server.attempts).toBe(2);
  });

  it('waits for none in use where nobody has one', async () => {
    queue.release(await opened(), true);
    asked();
    await pass(1);
    expect(server.attempts).toBe(2);
  });

  it('refuses at once who finds it full', async () => {
    server.mood = 'is silent';
    for (let waiting = 0; waiting < QUEUE_MAX; waiting++) asked();
    await expect(queue.acquire()).rejects.toMatchObject({ reason: 'queue_full', waitedMs: 0 });
    expect(queue.counts).toMatchObject({ arrived: QUEUE_MAX + 1, refused: 1 });
  });

  it('waits for a slot of the budget, up to the deadline', async () => {
    server.limit = 1;
    const first = await opened();
    const [served, late] = [asked(), asked()];
    await pass(ACQUIRE_MS - 100);
    queue.release(first);
    await pass(200);
    expect(served.outcome).toBe(first);
    expect(late.outcome).toMatchObject({ reason: 'pool_timeout', cause: { code: '53300' } });
    expect(queue.counts).toMatchObject({ served: 2, timed_out: 1 });
  });

  it('says that the server cannot be reached where it says nothing', async () => {
    server.mood = 'is silent';
    const request = asked();
    await pass(ACQUIRE_MS + 1);
    expect(request.outcome).toMatchObject({ reason: 'unreachable' });
  });

  it('sends few probes to a server that says nothing, however many wait', async () => {
    server.mood = 'is silent';
    for (let waiting = 0; waiting < QUEUE_MAX; waiting++) asked();
    await pass(2_900);
    expect(server.attempts).toBeGreaterThan(QUEUE_MAX);
    expect(server.attempts).toBeLessThanOrEqual(QUEUE_MAX + 6);
  });

  it('keeps a connection that comes when nobody waits for it any more', async () => {
    server.openingMs = ACQUIRE_MS + 100;
    const request = asked();
    await pass(ACQUIRE_MS + 200);
    expect(request.outcome).toBeInstanceOf(ConnectionFailure);
    expect(queue.own).toMatchObject({ idle: 1, waiting: 0 });
  });

  it('passes on at once what will not pass by itself, to the first of those who wait', async () => {
    server.mood = 'refuses the password';
    const request = asked();
    await pass(OPENING_MS + 1);
    expect(request.outcome).toMatchObject({ code: '28P01' });
  });

  it('lets a caller who leaves wait no longer, and gives the turn to the next', async () => {
    server.limit = 1;
    const first = await opened();
    const caller = new Caller();
    const [gone, next] = [asked(caller), asked()];
    caller.leave();
    queue.release(first);
    await pass(1);
    expect(gone.outcome).toMatchObject({ reason: 'caller_gone' });
    expect(next.outcome).toBe(first);
    await expect(queue.acquire(caller)).rejects.toMatchObject({ reason: 'caller_gone' });
  });

  it('closes a connection in an unknown state, and opens another', async () => {
    const first = await opened();
    queue.release(first, true);
    const second = await opened();
    expect(second).not.toBe(first);
    expect([...server.open]).toEqual([second]);
  });

  it('keeps a connection that is given back, and closes it while the budget is scarce', async () => {
    const [first, second] = [await opened(), await opened()];
    queue.release(first);
    expect(queue.own.idle).toBe(1);
    budget.scarce = true;
    budget.emit('scarce', true);
    queue.release(second);
    await pass(5);
    expect([queue.own.idle, server.open.size, queue.counts.given_back]).toEqual([0, 0, 1]);
  });

  it('gives way to another process: closes what is idle, and opens nothing for as long', async () => {
    queue.release(await opened());
    budget.emit('giveWay', 400);
    const request = asked();
    await pass(390);
    expect([request.outcome, server.attempts]).toEqual([undefined, 1]);
    await pass(30);
    expect(request.outcome).toBeDefined();
  });

  it('goes on at once when slots are free again', async () => {
    budget.emit('giveWay', 1_500);
    const request = asked();
    budget.emit('freed');
    await pass(OPENING_MS + 1);
    expect(request.outcome).toBeDefined();
  });

  it('closes the idle connections that lead nowhere, once PostgreSQL is silent', async () => {
    queue.release(await opened());
    server.mood = 'is silent';
    budget.emit('silent');
    await pass(5);
    expect([queue.own.idle, server.open.size]).toEqual([0, 0]);
  });

  it('counts how long connections were in use', async () => {
    const first = await opened();
    await pass(70);
    queue.release(first);
    expect(queue.uses.count).toBe(1);
    expect(queue.uses.ms).toBeGreaterThanOrEqual(70);
    expect(queue.uses.ms).toBeLessThan(100);
  });

  it('ends: nobody waits any more, and nobody else is taken', async () => {
    server.mood = 'is silent';
    const request = asked();
    void queue.end();
    await pass(1);
    expect(request.outcome).toMatchObject({ reason: 'queue_full' });
    await expect(queue.acquire()).rejects.toMatchObject({ reason: 'queue_full' });
  });
});

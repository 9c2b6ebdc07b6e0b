import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';
import type { Database } from './database.ts';
import { anywhere, cpuSeconds, cpuSecondsOfEnded, descendants } from './machine.ts';
import { VARIANTS } from './variants.ts';

/** The work of PostgreSQL and the results of the requests, while its time was taken away and afterwards. */
export interface Storm {
  processes: number;
  pool: 'this service' | 'plain pg.Pool';
  when: 'at rest' | 'starved' | 'after';
  newSessionsPerSecond: number;
  /** Seconds of CPU per second, of all its processes. */
  serverCpu: number;
  failedPercent: number;
}

const REQUESTS_PER_SECOND = 200;
/** Milliseconds of each 100 ms in which the server's sessions are stopped. */
const STOPPED_MS = 80;
const RUNNING_MS = 20;
/** Milliseconds from the end of the trouble to the numbers of `after`. */
const SETTLED_AFTER_MS = 3_000;
const PEER = fileURLToPath(new URL('peers/node-http.ts', import.meta.url));
/** The limits of the services. */
const PLAIN = { POOL_IDLE_MS: '500', POOL_CONNECT_MS: '3000' };

export async function storm(
  fleets: number[],
  seconds: number,
  database: Database,
  sinkPort: number,
  progress: (text: string) => void,
): Promise<Storm[]> {
  const found: Storm[] = [];
  database.spread();
  for (const processes of fleets) {
    for (const pool of ['plain pg.Pool', 'this service'] as const) {
      progress(`storm: ${processes} processes, ${pool}`);
      const fleet = await Promise.all(
        Array.from({ length: processes }, () => start(pool, database, sinkPort)),
      );
      const load = new OpenLoad(fleet);
      await setTimeout(2_000);
      const phase = async (when: Storm['when'], ms: number) =>
        found.push({ processes, pool, when, ...(await measured(database, load, ms)) });
      await phase('at rest', seconds * 1_000);
      const starving = starve(database);
      await phase('starved', seconds * 1_000);
      await starving.end();
      await setTimeout(SETTLED_AFTER_MS);
      await phase('after', seconds * 1_000);
      await load.stop();
      for (const child of fleet) await child.stop();
    }
  }
  return found;
}

function start(pool: Storm['pool'], database: Database, sinkPort: number): Promise<Child> {
  if (pool === 'plain pg.Pool') return Child.start([PEER], { ...database.environment, ...PLAIN }, anywhere);
  const shipped = VARIANTS.find(({ key }) => key === 'shipped');
  if (!shipped) throw new Error('there is no variant that is shipped');
  return shipped.start('inventory', database, sinkPort, anywhere);
}

async function measured(database: Database, load: OpenLoad, ms: number) {
  const { sent: sentBefore, failed: failedBefore } = load;
  const [sessions, cpu] = [await database.sessions(), serverCpu(database)];
  await setTimeout(ms);
  const sent = load.sent - sentBefore;
  return {
    newSessionsPerSecond: (((await database.sessions()) - sessions) * 1_000) / ms,
    serverCpu: ((serverCpu(database) - cpu) * 1_000) / ms,
    failedPercent: ((load.failed - failedBefore) / Math.max(1, sent)) * 100,
  };
}

/** CPU of the living processes and of those that have ended, which are many on a server with new sessions. */
function serverCpu(database: Database): number {
  const alive = new Set(readdirSync('/proc'));
  return descendants(database.pid)
    .filter((pid) => alive.has(String(pid)))
    .reduce((sum, pid) => sum + cpuSeconds(pid), cpuSecondsOfEnded(database.pid));
}

/** Requests at random distances, sent to the processes in turn. */
class OpenLoad {
  private readonly urls: string[];
  private readonly underWay = new Set<Promise<void>>();
  private timer?: NodeJS.Timeout;
  private dueAt = performance.now();
  sent = 0;
  failed = 0;

  constructor(fleet: Child[]) {
    this.urls = fleet.map(({ greeting }) => `http://127.0.0.1:${greeting.port}/inventory/check/5`);
    this.next();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await Promise.all(this.underWay);
  }

  private next(): void {
    this.dueAt += (-Math.log(1 - Math.random()) * 1_000) / REQUESTS_PER_SECOND;
    this.timer = globalThis.setTimeout(
      () => {
        const answered = this.send().finally(() => this.underWay.delete(answered));
        this.underWay.add(answered);
        this.next();
      },
      Math.max(0, this.dueAt - performance.now()),
    );
  }

  private async send(): Promise<void> {
    const url = this.urls[this.sent++ % this.urls.length] as string;
    try {
      const answer = await fetch(url);
      await answer.arrayBuffer();
      if (!answer.ok) this.failed++;
    } catch {
      this.failed++;
    }
  }
}

/** Stops and continues the sessions of the server alternately, until it is ended. */
function starve(database: Database): { end(): Promise<void> } {
  let over = false;
  const signal = (pids: number[], name: NodeJS.Signals) => {
    for (const pid of pids) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended in the meantime.
      }
    }
  };
  const run = async () => {
    while (!over) {
      const pids = descendants(database.pid).filter((pid) => pid !== database.pid);
      signal(pids, 'SIGSTOP');
      await setTimeout(STOPPED_MS);
      signal(pids, 'SIGCONT');
      await setTimeout(RUNNING_MS);
    }
  };
  const running = run();
  return {
    end: async () => {
      over = true;
      await running;
    },
  };
}

import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { Child } from './child.ts';
import { Database } from './database.ts';
import { anywhere, cpuSeconds, descendants } from './machine.ts';
import { VARIANTS } from './variants.ts';

/** The cost for PostgreSQL of the services' knowing the budget, while they get no requests. */
export interface Watching {
  processes: number;
  /** Sessions on the whole server. */
  sessions: number;
  /** Percent of a core, for all processes of the server. */
  serverPercent: number;
  /** The same without any service. */
  withoutPercent: number;
  /** The oldest view of any process, in milliseconds. */
  oldestViewMs: number;
}

/** Number of services that start at a time: more would only wait for each other. */
const AT_A_TIME = 4;
/** Milliseconds after the last start, until nothing of the start is left. */
const SETTLE_MS = 6_000;

/**
 * @param sessions of the whole server; those that are not of the services are idle
 * @param seconds of each measurement
 */
export async function watching(
  fleets: number[],
  sessions: number[],
  seconds: number,
  sinkPort: number,
  progress: (text: string) => void,
): Promise<Watching[]> {
  const database = await Database.start(Math.max(...sessions) + 100);
  const found: Watching[] = [];
  const idle: pg.Client[] = [];
  try {
    database.spread();
    for (const wanted of sessions.toSorted((a, b) => a - b)) {
      progress(`watching: ${wanted} sessions, no service`);
      await open(database, idle, wanted);
      await setTimeout(SETTLE_MS);
      const withoutPercent = await serverPercent(database, seconds);
      for (const processes of fleets) {
        progress(`watching: ${wanted} sessions, ${processes} processes`);
        const fleet = await start(processes, database, sinkPort);
        await close(idle, (await count(database)) - wanted);
        await setTimeout(SETTLE_MS);
        const watched = oldestView(fleet, seconds);
        const cost = { serverPercent: await serverPercent(database, seconds), withoutPercent };
        found.push({ processes, sessions: await count(database), ...cost, oldestViewMs: await watched });
        await Promise.all(fleet.map((child) => child.stop()));
        await open(database, idle, wanted);
      }
    }
    return found;
  } finally {
    await close(idle, idle.length);
    await database.stop();
  }
}

async function start(processes: number, database: Database, sinkPort: number): Promise<Child[]> {
  const shipped = VARIANTS.find(({ key }) => key === 'shipped');
  if (!shipped) throw new Error('there is no variant that is shipped');
  const fleet: Child[] = [];
  while (fleet.length < processes) {
    const next = Math.min(AT_A_TIME, processes - fleet.length);
    const starting = Array.from({ length: next }, () =>
      shipped.start('inventory', database, sinkPort, anywhere),
    );
    fleet.push(...(await Promise.all(starting)));
  }
  return fleet;
}

async function serverPercent(database: Database, seconds: number): Promise<number> {
  const before = serverCpu(database);
  await setTimeout(seconds * 1_000);
  return ((serverCpu(database) - before) / seconds) * 100;
}

/** CPU of the living processes; at rest, none ends. */
function serverCpu(database: Database): number {
  const alive = new Set(readdirSync('/proc'));
  return descendants(database.pid)
    .filter((pid) => alive.has(String(pid)))
    .reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}

async function oldestView(fleet: Child[], seconds: number): Promise<number> {
  let oldest = 0;
  for (const until = performance.now() + seconds * 1_000; performance.now() < until; await setTimeout(50))
    for (const { greeting } of fleet.slice(0, 3)) {
      const health = await (await fetch(`http://127.0.0.1:${greeting.port}/health`)).json();
      const pool = (health as { connection_pool: { age_ms: number } }).connection_pool;
      oldest = Math.max(oldest, pool.age_ms);
    }
  return oldest;
}

async function count(database: Database): Promise<number> {
  const [row] = await database.sql(
    "SELECT count(*)::int AS open FROM pg_stat_activity WHERE backend_type = 'client backend'",
  );
  return Number(row?.open);
}

async function open(database: Database, idle: pg.Client[], wanted: number): Promise<void> {
  const missing = wanted - (await count(database));
  for (let opened = 0; opened < missing; opened++) {
    const client = new pg.Client(database.superuserLogin);
    await client.connect();
    idle.push(client);
  }
}

async function close(idle: pg.Client[], tooMany: number): Promise<void> {
  for (const client of idle.splice(0, Math.max(0, tooMany))) await client.end();
}

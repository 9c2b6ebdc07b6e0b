import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CHECKOUT } from '../../tools/places';
import { Load, type Sent } from '../support/load';
import { Network } from '../support/network';
import { type Fleet, plainPools, services } from '../support/surroundings/fleet';
import { StoppedBackends } from '../support/surroundings/stopped-backends';
import { System } from '../support/system';
import { isSuccess } from '../support/usual-request';
import { exactly } from './figures';
import type { Figure, Row, Run } from './row';

/** Percentage points of the requests that the services may serve less than a plain pool beside them. */
const WITHIN_POINTS = 1;
/** A larger tolerance, also for new sessions, for a machine whose pace changes between the two. */
const BUSY_MACHINE_POINTS = 15;
const BUSY_MACHINE_SESSIONS = 10;
/** Milliseconds after the end of a trouble from which everything must be served. */
const SETTLED_AFTER_MS = 3_000;

/** Something that slows PostgreSQL, the network to it, or its name look-up; it is not a fault of the demo. */
interface Trouble {
  name: string;
  processes: number;
  perSecond: number;
  /** Milliseconds that are added to each statement. */
  sleepMs?: number;
  seconds: number;
  /** Seconds from its beginning that are not counted, because the claim is that things settle. */
  graceSeconds?: number;
  /** Most new sessions a second in total while it lasts, if that is tested. */
  mostNewSessions?: number;
  environment?: Record<string, string>;
  /** Lasts until `over` settles. Resolves when things are as before, with what else was measured of the services. */
  happen(around: Around, over: Promise<unknown>): Promise<Figure[] | undefined>;
}

/** What a trouble can affect. */
interface Around {
  system: System;
  /** The network from the processes under test to PostgreSQL. */
  network: Network;
}

/** The result of one trouble for one kind of process. */
interface Lived {
  servedPercent: number;
  servedAfterPercent: number;
  newSessionsPerSecond: number;
  newSessionsAfterPerSecond: number;
  further: Figure[];
}

export const SURROUNDINGS: Row = {
  id: 'R17',
  claim: 'Whatever slows PostgreSQL, the network or the name service, a plain pool beside it serves no more',
  byTime: true,
  async measure(run) {
    // Each has its own server, so that neither finds the sessions of the other in its budget.
    const [beside, own] = await Promise.all([Site.prepare(plainPools), Site.prepare(services)]);
    try {
      const figures: Figure[] = [];
      const ours = own.troubles(run.full);
      for (const [index, theirs] of beside.troubles(run.full).entries()) {
        const trouble = ours[index] as Trouble;
        const plainLives = () => beside.liveThrough(theirs, run);
        const weLive = () => own.liveThrough(trouble, run);
        // The short form runs both at once: that takes half the time, and whatever else the machine does affects both.
        const [plain, lived] = run.full
          ? [await plainLives(), await weLive()]
          : await Promise.all([plainLives(), weLive()]);
        figures.push(...compared(trouble, lived, plain, run.full));
      }
      return figures;
    } finally {
      await Promise.all([beside.leave(), own.leave()]);
    }
  },
};

function compared(
  { name, processes, mostNewSessions }: Trouble,
  ours: Lived,
  plain: Lived,
  full: boolean,
): Figure[] {
  const room = full ? 0 : BUSY_MACHINE_POINTS;
  const roomForSessions = full ? 0 : BUSY_MACHINE_SESSIONS;
  const percent = (value: number) => `${value.toFixed(1)} %`;
  const rate = (value: number) => `${value.toFixed(1)}/s`;
  const figures = [
    {
      name: `${name}: served while it lasts`,
      measured: percent(ours.servedPercent),
      mustReach: `>= ${percent(plain.servedPercent - WITHIN_POINTS)}, plain pool ${percent(plain.servedPercent)}`,
      holds: ours.servedPercent >= plain.servedPercent - WITHIN_POINTS - room,
    },
    {
      name: `${name}: served from ${SETTLED_AFTER_MS / 1_000} s after it`,
      measured: percent(ours.servedAfterPercent),
      mustReach: '100.0 %',
      holds: ours.servedAfterPercent >= Math.min(100, plain.servedAfterPercent) - room,
    },
    {
      name: `${name}: new sessions after it`,
      measured: rate(ours.newSessionsAfterPerSecond),
      mustReach: `<= ${rate(processes)}, plain pool ${rate(plain.newSessionsAfterPerSecond)}`,
      holds:
        ours.newSessionsAfterPerSecond <=
        Math.max(processes, plain.newSessionsAfterPerSecond) + roomForSessions,
    },
  ];
  if (mostNewSessions !== undefined)
    figures.push({
      name: `${name}: new sessions while it lasts`,
      measured: rate(ours.newSessionsPerSecond),
      mustReach: `<= ${rate(mostNewSessions)}, plain pool ${rate(plain.newSessionsPerSecond)}`,
      holds: ours.newSessionsPerSecond <= Math.max(mostNewSessions, plain.newSessionsPerSecond),
    });
  return [...figures, ...ours.further];
}

/** One PostgreSQL for one kind of process, the network to it, and the file that says how slow names are. */
class Site {
  private constructor(
    private readonly start: typeof services | typeof plainPools,
    private readonly system: System,
    private readonly folder: string,
    private readonly sessions: { count: number },
  ) {}

  static async prepare(start: typeof services | typeof plainPools): Promise<Site> {
    const sessions = { count: 0 };
    const system = await System.start({
      settings: ['log_connections=on'],
      log: (line) => {
        if (line.includes('connection received')) sessions.count++;
      },
    });
    return new Site(start, system, await mkdtemp(join(tmpdir(), 'load-demo-names-')), sessions);
  }

  async leave(): Promise<void> {
    await this.system.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  troubles(full: boolean): Trouble[] {
    const names = (ms: number, failing = false) => this.slowNames(ms, failing, full);
    const short = [preAuthDelay(1, full), frozenControl(2.5, full), names(1_200)];
    if (!full) return short;
    return [
      ...short,
      preAuthDelay(2, full),
      frozenControl(20, full),
      starved(3, full),
      starved(9, full),
      silentPort(full),
      restart(full),
      names(500),
      names(6_000),
      names(0, true),
    ];
  }

  async liveThrough(trouble: Trouble, run: Run): Promise<Lived> {
    const { processes, perSecond, sleepMs = 0, environment = {} } = trouble;
    await writeFile(this.namesFile, '{}');
    const network = await Network.before(this.system.settings.port);
    const fleet = await this.start(this.system, processes, sleepMs, {
      DB_PORT: String(network.port),
      ...environment,
    });
    run.progress(`${trouble.name}: ${fleet.kind}`);
    try {
      return await this.measure(trouble, fleet, network, perSecond, run);
    } finally {
      await fleet.stop();
      await network.close();
    }
  }

  private async measure(
    trouble: Trouble,
    fleet: Fleet,
    network: Network,
    perSecond: number,
    run: Run,
  ): Promise<Lived> {
    let turn = 0;
    const load = new Load(perSecond, run.random, () => fleet.read(turn++));
    await setTimeout(1_500);
    const began = performance.now();
    const sessionsBefore = this.sessions.count;
    const further = await trouble.happen(
      { system: this.system, network },
      setTimeout(trouble.seconds * 1_000),
    );
    const ended = performance.now();
    const sessionsThen = this.sessions.count;
    await setTimeout(SETTLED_AFTER_MS);
    const settled = performance.now();
    const sessionsSettled = this.sessions.count;
    await setTimeout(run.full ? 5_000 : 2_000);
    const seconds = (performance.now() - settled) / 1_000;
    const sessionsAtEnd = this.sessions.count;
    const sent = await load.stop();
    const within = (from: number, to: number) => sent.filter(({ at }) => at >= from && at < to);
    return {
      servedPercent: served(within(began + (trouble.graceSeconds ?? 0) * 1_000, ended)),
      servedAfterPercent: served(within(settled, Number.POSITIVE_INFINITY)),
      newSessionsPerSecond: ((sessionsThen - sessionsBefore) * 1_000) / (ended - began),
      newSessionsAfterPerSecond: (sessionsAtEnd - sessionsSettled) / seconds,
      further: further ?? [],
    };
  }

  private get namesFile(): string {
    return join(this.folder, 'names.json');
  }

  private slowNames(ms: number, failing: boolean, full: boolean): Trouble {
    return {
      name: failing ? 'every second look-up of the name fails' : `a look-up of the name takes ${ms} ms`,
      processes: 3,
      perSecond: 60,
      seconds: full ? 10 : 4,
      environment: {
        DB_HOST: 'localhost',
        NODE_OPTIONS: `--require ${join(CHECKOUT, 'test/support/surroundings/slow-names.cjs')}`,
        NAMES_FILE: this.namesFile,
      },
      happen: async (_around, over) => {
        await writeFile(this.namesFile, JSON.stringify({ ms, failing }));
        await over;
        await writeFile(this.namesFile, '{}');
        return undefined;
      },
    };
  }
}

function served(sent: Sent[]): number {
  return (sent.filter(({ status }) => isSuccess(status)).length / Math.max(1, sent.length)) * 100;
}

/** A server that takes its time to accept a session: a cold start, TLS across regions, a busy machine. */
function preAuthDelay(seconds: number, full: boolean): Trouble {
  return {
    name: `the server takes ${seconds} s to let in`,
    processes: 2,
    perSecond: 40,
    sleepMs: 500,
    seconds: full ? 20 : 9,
    graceSeconds: 5,
    happen: async ({ system }, over) => {
      await system.sql(`ALTER SYSTEM SET pre_auth_delay = ${seconds}`);
      await system.sql('SELECT pg_reload_conf()');
      await over;
      await system.sql('ALTER SYSTEM RESET pre_auth_delay');
      await system.sql('SELECT pg_reload_conf()');
      return undefined;
    },
  };
}

function frozenControl(seconds: number, full: boolean): Trouble {
  return {
    name: `the control backends stand still for ${seconds} s`,
    processes: 3,
    perSecond: full ? 200 : 100,
    seconds,
    // No connection is closed for being idle.
    environment: { DB_POOL_IDLE_TIMEOUT_MS: '60000' },
    happen: async ({ system }, over) => {
      const working = async () => {
        const rows = await system.sql(
          `SELECT pid FROM pg_stat_activity WHERE usename = '${system.settings.user}'`,
        );
        return rows.map(({ pid }) => Number(pid));
      };
      const before = await working();
      const backends = new StoppedBackends(system, `usename = '${system.settings.controlUser}'`);
      await backends.stop();
      await over;
      const after = await working();
      backends.continue();
      const kept = before.filter((pid) => after.includes(pid)).length;
      const all = `${before.length} of ${before.length}`;
      const name = `the control backends stand still for ${seconds} s: working connections that are kept`;
      return [exactly(name, `${kept} of ${before.length}`, all)];
    },
  };
}

function starved(processes: number, full: boolean): Trouble {
  return {
    name: `PostgreSQL gets a fifth of its time, ${processes} processes`,
    processes,
    perSecond: full ? 200 : 100,
    seconds: full ? 15 : 5,
    mostNewSessions: 5,
    happen: async ({ system }, over) => {
      await new StoppedBackends(system, `backend_type = 'client backend'`).starve(80, 20, over);
      return undefined;
    },
  };
}

/** Connections are accepted and then get no answer, and old ones lead nowhere; then all is well again. */
function silentPort(full: boolean): Trouble {
  return {
    name: 'the port takes connections and says nothing',
    processes: 3,
    perSecond: 60,
    seconds: full ? 8 : 3,
    happen: async ({ network }, over) => {
      await network.fail('black hole');
      await over;
      await network.heal();
      return undefined;
    },
  };
}

function restart(full: boolean): Trouble {
  return {
    name: 'PostgreSQL restarts',
    processes: 3,
    perSecond: full ? 200 : 100,
    seconds: 1,
    happen: async ({ system }, over) => {
      await Promise.all([system.restartPostgres('fast'), over]);
      return undefined;
    },
  };
}

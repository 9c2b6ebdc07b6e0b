import type { DatabaseSample, SessionSample, Subject, WaitingSample } from '../sample';
import { highest, mean, sum } from './arithmetic';

/** Seconds after which a session that does nothing is none that a pool has just put aside. */
const STALE_S = 1.5;

/** A session at which a chain of waiting ones ends. */
export interface Root {
  pid: number;
  role: string;
  application: string;
  state: string;
  /** Age of its transaction. */
  seconds: number;
  query: string;
}

/** Sessions of other roles than the services' and the control role, by who has most of them. */
interface Strangers {
  role: string;
  application: string;
  sessions: number;
}

/** Who is connected and what they do; means over the looks of a window unless said otherwise. */
export interface SessionFigures {
  /** In the last look: all, and those of the services' role. */
  total: number;
  own: number;
  /** Of the services' role. */
  ownActive: number;
  /** Active sessions by what they wait for; `CPU` for nothing. */
  waits: Record<string, number>;
  /** Sessions of the services' role that have done nothing for 1.5 s, in the last look. */
  stale: number;
  /** Seconds between the time when the first tenth of these fell silent and the last tenth. */
  staleSpread: number;
  /** Seconds since the last of them fell silent. */
  staleYoungest: number;
  /** By service. */
  staleByApplication: Record<string, number>;
  /** Idle in a transaction, by service; nobody waits for them. */
  inTransaction: Record<string, number>;
  /** Of these, in the last look, the ones that have been so for 1.5 s and longer. */
  longInTransaction: { sessions: number; oldest: number; snapshots: number; application: string };
  /** Waiting for a row, for a table. */
  waitRow: number;
  waitTable: number;
  /** Part of a circle of waiting sessions. */
  inCircle: number;
  /** At the head of a queue for a table: who wants it all to itself. */
  exclusive?: { pid: number; mode: string; relation: string };
  roots: Root[];
  /** Other roles: connected in the last look, and at work. */
  strangers: Strangers[];
  strangersActive: number;
}

export function sessionFigures(looks: readonly DatabaseSample[], subject: Subject): SessionFigures {
  const last = looks.at(-1)?.sessions ?? [];
  const over = (test: (session: SessionSample) => boolean) =>
    mean(looks.map(({ sessions }) => sessions.filter(test).length));
  const own = ({ role }: SessionSample) => role === subject.role;
  const stranger = ({ role }: SessionSample) => role !== subject.role && role !== subject.controlRole;
  const waiting = looks.flatMap((look) => look.waiting.map((one) => ({ ...one, look })));
  return {
    total: last.length,
    own: last.filter(own).length,
    ownActive: over((session) => own(session) && session.state === 'active'),
    waits: activeWaits(looks),
    ...stale(last.filter((session) => own(session) && session.state === 'idle')),
    inTransaction: byApplication(
      looks,
      (session, blockers) => own(session) && inTransaction(session) && !blockers.has(session.pid),
    ),
    longInTransaction: longInTransaction(looks.at(-1)),
    waitRow: over(({ wait }) => wait === 'Lock/transactionid' || wait === 'Lock/tuple'),
    waitTable: over(({ wait }) => wait === 'Lock/relation'),
    inCircle: mean(looks.map(({ waiting }) => waiting.filter((one) => inCircle(one, waiting)).length)),
    exclusive: waiting.findLast(
      ({ lock, mode }) => lock === 'relation' && !/^(AccessShare|RowShare|RowExclusive)Lock$/.test(mode),
    ),
    roots: rootsOf(looks),
    strangers: countedStrangers(last.filter(stranger)),
    strangersActive: over((session) => stranger(session) && atWork(session)),
  };
}

function inTransaction({ state }: SessionSample): boolean {
  return state.startsWith('idle in transaction');
}

/** Computes, or waits for the disk; one that waits for somebody else takes nothing from the others. */
function atWork({ state, wait }: SessionSample): boolean {
  return state === 'active' && !/^(Lock|Client|Timeout|Extension)\//.test(wait);
}

function activeWaits(looks: readonly DatabaseSample[]): Record<string, number> {
  const waits: Record<string, number> = {};
  for (const { sessions } of looks)
    for (const { state, wait } of sessions)
      if (state === 'active') waits[wait || 'CPU'] = (waits[wait || 'CPU'] ?? 0) + 1 / looks.length;
  return waits;
}

function stale(idle: readonly SessionSample[]) {
  const silent = idle.filter(({ sinceStateChange }) => sinceStateChange > STALE_S);
  const ages = silent.map(({ sinceStateChange }) => sinceStateChange).sort((a, b) => a - b);
  const age = (share: number) => ages[Math.floor((ages.length - 1) * share)] ?? 0;
  return {
    stale: silent.length,
    staleSpread: age(0.9) - age(0.1),
    staleYoungest: age(0),
    staleByApplication: counted(silent.map(({ application }) => application)),
  };
}

function byApplication(
  looks: readonly DatabaseSample[],
  test: (session: SessionSample, blockers: ReadonlySet<number>) => boolean,
): Record<string, number> {
  const found = looks.flatMap(({ sessions, waiting }) => {
    const blockers = new Set(waiting.flatMap(({ blockedBy }) => blockedBy));
    return sessions.filter((session) => test(session, blockers)).map(({ application }) => application);
  });
  return Object.fromEntries(
    Object.entries(counted(found)).map(([application, sessions]) => [application, sessions / looks.length]),
  );
}

function longInTransaction(look: DatabaseSample | undefined): SessionFigures['longInTransaction'] {
  const blockers = new Set(look?.waiting.flatMap(({ blockedBy }) => blockedBy));
  const long = (look?.sessions ?? []).filter(
    (session) => inTransaction(session) && session.sinceStateChange > STALE_S && !blockers.has(session.pid),
  );
  return {
    sessions: long.length,
    oldest: highest(long.map(({ sinceTransactionStart }) => sinceTransactionStart)),
    snapshots: long.filter(({ snapshot }) => snapshot).length,
    application: mostFrequent(long.map(({ application }) => application)),
  };
}

/** Whether the chain of those it waits for leads back to it: a deadlock that the server has not resolved yet. */
function inCircle(start: WaitingSample, waiting: readonly WaitingSample[]): boolean {
  const seen = new Set<number>();
  const next = [...start.blockedBy];
  for (let pid = next.pop(); pid !== undefined; pid = next.pop()) {
    if (pid === start.pid) return true;
    if (seen.has(pid)) continue;
    seen.add(pid);
    next.push(...(waiting.find((other) => other.pid === pid)?.blockedBy ?? []));
  }
  return false;
}

/** Oldest transaction first, each session once. */
function rootsOf(looks: readonly DatabaseSample[]): Root[] {
  const roots = new Map<number, Root>();
  for (const { sessions, waiting } of looks) {
    const waiters = new Set(waiting.map(({ pid }) => pid));
    for (const pid of waiting.flatMap(({ blockedBy }) => blockedBy)) {
      const session = sessions.find((one) => one.pid === pid);
      if (!session || waiters.has(pid)) continue;
      const { role, application, state, sinceTransactionStart: seconds, query } = session;
      roots.set(pid, { pid, role, application, state, seconds, query });
    }
  }
  return [...roots.values()].sort((a, b) => b.seconds - a.seconds).slice(0, 5);
}

function countedStrangers(sessions: readonly SessionSample[]): Strangers[] {
  const groups = Map.groupBy(sessions, ({ role, application }) => `${role} ${application}`);
  return [...groups.values()]
    .map((group) => ({
      role: group[0]?.role ?? '',
      application: group[0]?.application ?? '',
      sessions: group.length,
    }))
    .sort((a, b) => b.sessions - a.sessions)
    .slice(0, 5);
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function mostFrequent(names: readonly string[]): string {
  return Object.entries(counted(names)).sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

/** All of a record together. */
export function total(counts: Readonly<Record<string, number>>): number {
  return sum(Object.values(counts));
}

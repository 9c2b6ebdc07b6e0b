import type { DatabaseSample, SessionSample, Subject, WaitingSample } from '../sample';
import { highest, mean, sum } from './arithmetic';

/** Seconds after which a session that does nothing is not one that a pool has just put aside. */
const STALE_S = 1.5;

/** A session at the end of a chain of waiting ones. */
export interface Root {
  pid: number;
  role: string;
  application: string;
  state: string;
  /** Age of its transaction. */
  seconds: number;
  query: string;
}

/** Sessions of roles other than the services' and the control role, by the role that has most of them. */
interface Strangers {
  role: string;
  application: string;
  sessions: number;
}

/** Who is connected and what the sessions do; means over the samples of a window unless stated otherwise. */
export interface SessionStats {
  /** In the last sample: all sessions, and those of the services' role. */
  total: number;
  own: number;
  /** Of the services' role. */
  ownActive: number;
  /** Active sessions by what they wait for; `CPU` for nothing. */
  waits: Record<string, number>;
  /** Sessions of the services' role that have done nothing for 1.5 s, in the last sample. */
  stale: number;
  /** Seconds between the moments when the first and the last tenth of these fell silent. */
  staleSpread: number;
  /** Seconds since the last of them fell silent. */
  staleYoungest: number;
  /** By service. */
  staleByApplication: Record<string, number>;
  /** Idle in a transaction, by service, with no session waiting for them. */
  inTransaction: Record<string, number>;
  /** Those of them, in the last sample, that have been so for 1.5 s or longer. */
  longInTransaction: { sessions: number; oldest: number; snapshots: number; application: string };
  /** Waiting for a row, and for a table. */
  waitRow: number;
  waitTable: number;
  /** Part of a circle of waiting sessions. */
  inCircle: number;
  /** The session at the head of a queue for a table, which wants exclusive access. */
  exclusive?: { pid: number; mode: string; relation: string };
  roots: Root[];
  /** Other roles: connected in the last sample, and working. */
  strangers: Strangers[];
  strangersActive: number;
}

export function sessionStats(polls: readonly DatabaseSample[], subject: Subject): SessionStats {
  const last = polls.at(-1)?.sessions ?? [];
  const over = (test: (session: SessionSample) => boolean) =>
    mean(polls.map(({ sessions }) => sessions.filter(test).length));
  const own = ({ role }: SessionSample) => role === subject.role;
  const stranger = ({ role }: SessionSample) => role !== subject.role && role !== subject.controlRole;
  const waiting = polls.flatMap((poll) => poll.waiting.map((one) => ({ ...one, poll })));
  return {
    total: last.length,
    own: last.filter(own).length,
    ownActive: over((session) => own(session) && session.state === 'active'),
    waits: activeWaits(polls),
    ...stale(last.filter((session) => own(session) && session.state === 'idle')),
    inTransaction: byApplication(
      polls,
      (session, blockers) => own(session) && inTransaction(session) && !blockers.has(session.pid),
    ),
    longInTransaction: longInTransaction(polls.at(-1)),
    waitRow: over(({ wait }) => wait === 'Lock/transactionid' || wait === 'Lock/tuple'),
    waitTable: over(({ wait }) => wait === 'Lock/relation'),
    inCircle: mean(polls.map(({ waiting }) => waiting.filter((one) => inCircle(one, waiting)).length)),
    exclusive: waiting.findLast(
      ({ lock, mode }) => lock === 'relation' && !/^(AccessShare|RowShare|RowExclusive)Lock$/.test(mode),
    ),
    roots: rootsOf(polls),
    strangers: countedStrangers(last.filter(stranger)),
    strangersActive: over((session) => stranger(session) && atWork(session)),
  };
}

function inTransaction({ state }: SessionSample): boolean {
  return state.startsWith('idle in transaction');
}

/** Whether it computes or waits for the disk; a session that waits for another one takes nothing from the others. */
function atWork({ state, wait }: SessionSample): boolean {
  return state === 'active' && !/^(Lock|Client|Timeout|Extension)\//.test(wait);
}

function activeWaits(polls: readonly DatabaseSample[]): Record<string, number> {
  const waits: Record<string, number> = {};
  for (const { sessions } of polls)
    for (const { state, wait } of sessions)
      if (state === 'active') waits[wait || 'CPU'] = (waits[wait || 'CPU'] ?? 0) + 1 / polls.length;
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
  polls: readonly DatabaseSample[],
  test: (session: SessionSample, blockers: ReadonlySet<number>) => boolean,
): Record<string, number> {
  const found = polls.flatMap(({ sessions, waiting }) => {
    const blockers = new Set(waiting.flatMap(({ blockedBy }) => blockedBy));
    return sessions.filter((session) => test(session, blockers)).map(({ application }) => application);
  });
  return Object.fromEntries(
    Object.entries(counted(found)).map(([application, sessions]) => [application, sessions / polls.length]),
  );
}

function longInTransaction(poll: DatabaseSample | undefined): SessionStats['longInTransaction'] {
  const blockers = new Set(poll?.waiting.flatMap(({ blockedBy }) => blockedBy));
  const long = (poll?.sessions ?? []).filter(
    (session) => inTransaction(session) && session.sinceStateChange > STALE_S && !blockers.has(session.pid),
  );
  return {
    sessions: long.length,
    oldest: highest(long.map(({ sinceTransactionStart }) => sinceTransactionStart)),
    snapshots: long.filter(({ snapshot }) => snapshot).length,
    application: mostFrequent(long.map(({ application }) => application)),
  };
}

/** Whether the chain of sessions that it waits for leads back to it: a deadlock that the server has not resolved yet. */
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
function rootsOf(polls: readonly DatabaseSample[]): Root[] {
  const roots = new Map<number, Root>();
  for (const { sessions, waiting } of polls) {
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

/** The sum of all counts of a record. */
export function total(counts: Readonly<Record<string, number>>): number {
  return sum(Object.values(counts));
}

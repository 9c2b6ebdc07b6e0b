import type { Features } from '@app/diagnosis';
import type { Session, Waiting } from '@app/observer';
import { counted, percentOf, spoken } from './words';

/** What is true now, in the order of harm. */
export interface Fact {
  kind: 'away' | 'failures' | 'waiting' | 'lock' | 'holder' | 'stranger' | 'slow';
  /** A sentence without its full stop. */
  text: string;
  /** Whether it harms the users of the services. */
  bad: boolean;
}

/** Everything from which the facts are derived. */
export interface Seen {
  /** Names of the services, and of the server, that do not answer, each with the reason. */
  away: { name: string; reason: string }[];
  services: number;
  /** Connections that the role of the services may have. */
  max: number;
  role: string;
  controlRole: string;
  sessions: readonly Session[];
  waiting: readonly Waiting[];
  /** Requests that wait for a connection, and how long the first of them has waited. */
  queue: { waiting: number; oldestMs: number };
  /** The last seconds, and the time at rest before them. */
  now?: Features;
  rest?: Features;
}

/** Fewer requests in the queue than this, none of them waiting for long, are normal for a pool. */
const QUEUE_WORTH_REPORTING = 5;
const WAIT_WORTH_REPORTING_MS = 500;
/** Seconds that a session must wait for a lock before it is reported: short waits are how locks work. */
const LOCK_WORTH_REPORTING_S = 0.4;
/** Share of the budget, or of the server, from which a program counts as a holder. */
const MUCH = 0.5;
const FULL = 0.9;
const SLOWER = 4;
const SLOW_MS = 100;

export function factsOf(seen: Seen): Fact[] {
  return [away, failures, queue, lock, holder, stranger, slow].flatMap((read) => read(seen) ?? []);
}

function away({ away, services }: Seen): Fact | undefined {
  if (away.length === 0) return undefined;
  const text = away.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  return { kind: 'away', text: services > away.length ? text : `nobody answers: ${text}`, bad: true };
}

function failures({ now }: Seen): Fact | undefined {
  const { failed = 0, answered = 0 } = now?.clients.requests ?? {};
  if (failed === 0 || answered === 0) return undefined;
  const share = percentOf(failed, answered);
  const text = `${share} of all requests fail, ${rate(failed)} of ${rate(answered)} a second`;
  return { kind: 'failures', text, bad: true };
}

function queue({ queue: { waiting, oldestMs } }: Seen): Fact | undefined {
  if (waiting < QUEUE_WORTH_REPORTING && !(waiting > 0 && oldestMs >= WAIT_WORTH_REPORTING_MS))
    return undefined;
  const oldest = oldestMs > 0 ? `, the first of them for ${spoken(oldestMs)}` : '';
  const text = `${counted(waiting, 'request')} ${waiting === 1 ? 'waits' : 'wait'} for a connection${oldest}`;
  return { kind: 'waiting', text, bad: true };
}

function lock({ sessions, waiting, now }: Seen): Fact | undefined {
  const longest = (pid: number) => sessions.find((one) => one.pid === pid)?.since_state_change ?? 0;
  const stuck = waiting.filter(({ pid }) => longest(pid) >= LOCK_WORTH_REPORTING_S);
  if (stuck.length === 0) return undefined;
  const waiters = new Set(waiting.map(({ pid }) => pid));
  const blockers = new Set(waiting.flatMap(({ blocked_by }) => blocked_by));
  const root = sessions
    .filter(({ pid }) => blockers.has(pid) && !waiters.has(pid))
    .sort((a, b) => b.since_transaction_start - a.since_transaction_start)[0];
  const table = stuck.find(({ relation }) => relation)?.relation;
  const what = `${counted(stuck.length, 'session')} ${stuck.length === 1 ? 'waits' : 'wait'} for a lock${table ? ` on ${table}` : ''}`;
  const known = now?.sessions.roots[0];
  if (root) return { kind: 'lock', text: `${what} ${holderInWords(root)}`, bad: true };
  const last = known ? `; last held by ${named(known.application, known.role)}, process ${known.pid}` : '';
  return { kind: 'lock', text: what + last, bad: true };
}

function holderInWords({ application_name, role, pid, state, since_transaction_start }: Session): string {
  const age = spoken(since_transaction_start * 1_000);
  return `held by ${named(programOf(application_name), role)}, process ${pid}, ${state} for ${age}`;
}

/** A program that has most of a budget that is nearly used up. */
function holder({ sessions, role, max }: Seen): Fact | undefined {
  const own = sessions.filter((session) => session.role === role);
  const [most] = groups(own);
  if (!most || (own.length < FULL * max && most.open < MUCH * max)) return undefined;
  const text =
    most.open >= MUCH * max
      ? `${most.name} has ${most.open} of the ${max} connections, ${statesOf(most.sessions)}`
      : `${own.length} of the ${max} connections are open, ${statesOf(own)}`;
  return { kind: 'holder', text, bad: own.length >= FULL * max };
}

/** Another role that is active on the server, or has many of its connections. */
function stranger({ sessions, role, controlRole, max, now }: Seen): Fact | undefined {
  const others = sessions.filter((session) => session.role !== role && session.role !== controlRole);
  const [most] = groups(others);
  const busy = (now?.sessions.strangersActive ?? 0) >= 1;
  if (!most || (most.open < MUCH * max && !busy)) return undefined;
  const text = `${most.name} (role ${most.sessions[0]?.role}) has ${counted(most.open, 'connection')}, ${statesOf(most.sessions)}`;
  return { kind: 'stranger', text, bad: false };
}

function slow({ now, rest }: Seen): Fact | undefined {
  const [takes, before] = [meanOf(now), meanOf(rest)];
  if (takes === undefined || takes < SLOW_MS || (before !== undefined && takes < SLOWER * before))
    return undefined;
  const compared = before === undefined ? '' : `, at rest ${spoken(before)}`;
  return { kind: 'slow', text: `a query takes ${spoken(takes)} on average${compared}`, bad: false };
}

/** Milliseconds that a statement takes, averaged over all operations; undefined if there are none. */
export function meanOf(features: Features | undefined): number | undefined {
  const operations = features?.clients.operations ?? [];
  const count = operations.reduce((sum, one) => sum + one.count, 0);
  return count === 0 ? undefined : operations.reduce((sum, one) => sum + one.count * one.mean, 0) / count;
}

interface Group {
  name: string;
  open: number;
  sessions: Session[];
}

function groups(sessions: readonly Session[]): Group[] {
  const byName = Map.groupBy(sessions, ({ application_name, role }) =>
    named(programOf(application_name), role),
  );
  return [...byName]
    .map(([name, own]) => ({ name, open: own.length, sessions: own }))
    .sort((a, b) => b.open - a.open);
}

/** `91 of them idle, 4 active`, the most frequent state first. */
function statesOf(sessions: readonly Session[]): string {
  const states = [...Map.groupBy(sessions, stateOf)].sort(([, a], [, b]) => b.length - a.length);
  if (states.length === 1) return `all ${states[0]?.[0]}`;
  return states.map(([state, own]) => `${own.length} ${state}`).join(', ');
}

function stateOf({ state, wait }: Session): string {
  if (wait.startsWith('Lock/')) return 'waiting for a lock';
  return state.startsWith('idle in transaction') ? 'idle in transaction' : state || 'unknown';
}

/** A program's name: the part of its application_name before an `@`. */
function programOf(applicationName: string): string {
  return applicationName.split('@')[0] ?? '';
}

function named(application: string, role: string): string {
  return application || `a program of role ${role} without a name`;
}

function rate(perSecond: number): string {
  return perSecond < 10 ? String(Number(perSecond.toFixed(1))) : String(Math.round(perSecond));
}

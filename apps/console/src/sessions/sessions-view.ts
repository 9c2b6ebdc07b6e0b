import type { Observation, Session } from '@app/observer';
import { type Blocker, blockerTrees } from './blocker-tree';

/** A session of the server with what else is known of it. */
interface SessionView extends Session {
  /** Sessions that it waits for. */
  blocked_by: number[];
  /** Trace of the latest statement that a service ran on it, if the console has its span. */
  trace_id?: string;
}

/** Which sessions are connected, what they do and which they wait for. Times of sessions are in seconds. */
export interface SessionsView {
  /** ISO 8601. */
  at: string;
  /** Why the server did not answer; there are no sessions then. */
  trouble?: string;
  /** Connections of the server: how many it allows, how many of those are reserved, and who has how many. */
  connections: {
    max: number;
    reserved: number;
    open: number;
    by: { role: string; application: string; open: number }[];
  };
  sessions: SessionView[];
  /** Empty while no session waits for a lock. */
  blockers: Blocker[];
}

/** @param traceOf returns the trace of the latest statement on the session with that process id */
export function sessionsView(
  { at, database, trouble }: Observation,
  traceOf: (pid: number) => string | undefined,
): SessionsView {
  const { sessions = [], waiting = [], server } = database ?? {};
  const blockedBy = new Map(waiting.map(({ pid, blocked_by }) => [pid, blocked_by]));
  return {
    at: new Date(at).toISOString(),
    ...(trouble && { trouble: trouble.message }),
    connections: {
      max: server?.maxConnections ?? 0,
      reserved: server?.reserved ?? 0,
      open: sessions.length,
      by: owners(sessions),
    },
    sessions: sessions.map((session) => ({
      ...session,
      blocked_by: blockedBy.get(session.pid) ?? [],
      trace_id: traceOf(session.pid),
    })),
    blockers: blockerTrees(waiting),
  };
}

function owners(sessions: readonly Session[]): SessionsView['connections']['by'] {
  const named = sessions.map(({ role, application_name }) => ({
    role,
    application: application_name.split('@')[0] ?? '',
  }));
  const groups = Map.groupBy(named, ({ role, application }) => JSON.stringify([role, application]));
  return [...groups.values()]
    .flatMap((group) => (group[0] ? [{ ...group[0], open: group.length }] : []))
    .sort((a, b) => b.open - a.open);
}

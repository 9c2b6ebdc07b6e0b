import { connectionOwner } from '@app/database';
import type { ServiceShare, SlotState } from './budget-view';

/** One connection in pg_stat_activity; without any, one row that has only the limit. */
export interface ActivityRow {
  /** CONNECTION LIMIT of the role; -1 for none. */
  limit: number;
  pid: number | null;
  in_budget: boolean | null;
  application_name: string | null;
  state: string | null;
  waits_for_lock: boolean | null;
}

/** $1 is the role of the budget, $2 the one of the control connections. */
export const ACTIVITY = `
  SELECT r.rolconnlimit AS limit, a.pid, a.usename = $1 AS in_budget, a.application_name, a.state,
         a.wait_event_type = 'Lock' AS waits_for_lock
  FROM pg_roles r
  LEFT JOIN pg_stat_activity a
    ON a.usename IN ($1, $2) AND coalesce(a.backend_type, 'client backend') = 'client backend'
  WHERE r.rolname = $1`;

/** A connection of the budget. */
export interface Connection {
  pid: number;
  service: string;
  state: SlotState;
}

export function connectionsOf(rows: readonly ActivityRow[]): Connection[] {
  return rows.flatMap((row) => {
    if (!row.in_budget || row.pid === null) return [];
    const { service, purpose } = connectionOwner(row.application_name ?? '');
    return [{ pid: row.pid, service, state: purpose === 'held' ? 'held' : stateOf(row) }];
  });
}

function stateOf({ state, waits_for_lock }: ActivityRow): SlotState {
  if (waits_for_lock) return 'lock';
  if (state?.startsWith('idle in transaction')) return 'transaction';
  return state === 'idle' ? 'idle' : 'active';
}

/** Each service with its connections, and with the queue that its control connections tell of. */
export function sharesOf(rows: readonly ActivityRow[], connections: readonly Connection[]): ServiceShare[] {
  const shares = new Map<string, ServiceShare>();
  const share = (service: string): ServiceShare => {
    const known = shares.get(service) ?? {
      service,
      open: 0,
      active: 0,
      idle: 0,
      held: 0,
      lock: 0,
      waiting: 0,
      processes: 0,
    };
    shares.set(service, known);
    return known;
  };
  for (const { service, state } of connections) {
    const own = share(service);
    own.open += 1;
    own[state === 'transaction' ? 'active' : state] += 1;
  }
  for (const { in_budget, application_name } of rows) {
    const owner = connectionOwner(application_name ?? '');
    if (in_budget !== false || owner.purpose !== 'control') continue;
    share(owner.service).waiting += owner.waiting;
    share(owner.service).processes += 1;
  }
  return [...shares.values()].sort((a, b) => a.service.localeCompare(b.service));
}

import { connectionOwner } from '@app/database';
import type { Session } from '@app/observer';
import type { ServiceShare, SlotState } from './budget-view';

/** A connection of the budget. */
export interface Connection {
  pid: number;
  service: string;
  state: SlotState;
}

/** @param role the role of the budget */
export function connectionsOf(sessions: readonly Session[], role: string): Connection[] {
  return sessions
    .filter((session) => session.role === role)
    .map((session) => {
      const { service, purpose } = connectionOwner(session.application_name);
      return { pid: session.pid, service, state: purpose === 'held' ? 'held' : stateOf(session) };
    });
}

function stateOf({ state, wait }: Session): SlotState {
  if (wait.startsWith('Lock/')) return 'lock';
  if (state.startsWith('idle in transaction')) return 'transaction';
  return state === 'idle' ? 'idle' : 'active';
}

/** Each service with its connections, and with the queue that the names of its control connections report. */
export function sharesOf(
  sessions: readonly Session[],
  connections: readonly Connection[],
  controlRole: string,
): ServiceShare[] {
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
  for (const { role, application_name } of sessions) {
    const owner = connectionOwner(application_name);
    if (role !== controlRole || owner.purpose !== 'control') continue;
    share(owner.service).waiting += owner.waiting;
    share(owner.service).processes += 1;
  }
  return [...shares.values()].sort((a, b) => a.service.localeCompare(b.service));
}

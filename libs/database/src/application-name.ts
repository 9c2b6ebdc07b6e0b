import { hostname } from 'node:os';

/** What a connection is for, told by the end of its `application_name`. */
export type Purpose = 'pool' | 'held' | 'control';

/** `application_name` read back from pg_stat_activity. */
export interface ConnectionOwner {
  service: string;
  /** One process of the service: `host:pid`, the host cut to what fits. */
  instance: string;
  purpose: Purpose;
  /** Requests this process has waiting for a connection; only its control connection tells. */
  waiting: number;
}

/** This process among the replicas of its service. PostgreSQL keeps 63 bytes of an application_name. */
export const INSTANCE = `${hostname().slice(-17)}:${process.pid}`;

/** The name by which PostgreSQL's own views say who holds a connection, and what for. */
export function applicationName(service: string, purpose: Purpose, waiting = 0): string {
  const owner = `${service}@${INSTANCE}`;
  if (purpose === 'held') return `${owner} held`;
  return purpose === 'control' ? `${owner}/control w=${waiting}` : owner;
}

/** The inverse of `applicationName`; a name that is not ours is taken for a service. */
export function connectionOwner(name: string): ConnectionOwner {
  const parts = /^(?<service>[^@]*)@(?<instance>[^ /]*)(?<held> held)?(?:\/control w=(?<waiting>\d+))?$/.exec(
    name,
  );
  if (!parts?.groups) return { service: name || 'unknown', instance: '', purpose: 'pool', waiting: 0 };
  const { service = '', instance = '', held, waiting } = parts.groups;
  const purpose = held ? 'held' : waiting === undefined ? 'pool' : 'control';
  return { service, instance, purpose, waiting: Number(waiting ?? 0) };
}

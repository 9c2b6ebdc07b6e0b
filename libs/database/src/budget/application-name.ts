import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/** What a connection is for, according to the end of its `application_name`. */
export type Purpose = 'pool' | 'held' | 'control';

/** `application_name` read back from pg_stat_activity. */
export interface ConnectionOwner {
  service: string;
  /** One process of the service: `host:pid`, the host as `hostPart` makes it. */
  instance: string;
  purpose: Purpose;
  /** Requests that wait for a connection in this process; only the name of its control connection says it. */
  waiting: number;
}

/** Bytes that remain for the host, of the 63 that PostgreSQL keeps of an application_name. */
const HOST_BYTES = 17;

/** Identifies this process among the replicas of its service. */
export const INSTANCE = `${hostPart(hostname())}:${process.pid}`;

/**
 * What distinguishes this host from others, in at most 17 bytes of `[A-Za-z0-9.-]`, which PostgreSQL keeps unchanged:
 * the name if it fits, or the last whole parts of a pod's name, or a hash of any other name.
 */
export function hostPart(name: string): string {
  if (!/^[A-Za-z0-9.-]+$/.test(name)) return hash(name);
  // Pods of one Deployment differ at the end of their names, hosts of one domain at the beginning.
  const parts = (name.length > HOST_BYTES ? (name.split('.')[0] ?? '') : name).split('-');
  while (parts.length > 1 && (parts[0] === '' || parts.join('-').length > HOST_BYTES)) parts.shift();
  const end = parts.join('-');
  return end === '' || end.length > HOST_BYTES ? hash(name) : end;
}

function hash(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 8);
}

/** The name by which PostgreSQL's own views show who holds a connection, and what for. */
export function applicationName(service: string, purpose: Purpose, waiting: number | '' = 0): string {
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

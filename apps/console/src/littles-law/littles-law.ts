import type { Features } from '@app/diagnosis';

/** Arrivals × hold time = connections needed: what the law says, and what PostgreSQL counts. */
export interface LittlesLaw {
  /** Requests for a connection each second, those who waited in vain included. */
  arrivals_per_second: number;
  /** Milliseconds that one keeps its connection. */
  hold_ms: number;
  /** Connections that this needs at once. */
  needed: number;
  /** Sessions of the services that were at work, on average over the same seconds. */
  seen: number;
  /** Connections there are for that: those of the budget that nobody keeps without use. */
  available: number;
  /** Arrivals each second from which on they do not suffice. */
  saturates_at: number;
}

/** Ends of waits that got no connection. */
const IN_VAIN = ['pool_timeout', 'queue_full'];

/** Undefined while nothing was measured. */
export function littlesLaw({ clients, sessions }: Features, max: number): LittlesLaw | undefined {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const taken = sum(clients.pools.map((pool) => pool.taken));
  const holdMs = sum(clients.pools.map((pool) => pool.taken * pool.useMean)) / taken;
  if (!(taken > 0 && holdMs > 0)) return undefined;
  const inVain = sum(clients.operations.flatMap(({ errors }) => IN_VAIN.map((error) => errors[error] ?? 0)));
  const keptWithoutUse = Math.max(0, sessions.stale - sum(clients.pools.map(({ idle }) => idle)));
  const arrivals = taken + inVain;
  const available = Math.max(0, max - keptWithoutUse);
  return {
    arrivals_per_second: arrivals,
    hold_ms: holdMs,
    needed: (arrivals * holdMs) / 1_000,
    seen: sessions.ownActive + sum(Object.values(sessions.inTransaction)),
    available,
    saturates_at: available / (holdMs / 1_000),
  };
}

/** Requests a second that have waited in vain, by service. */
export function gaveUp({ clients }: Features): Record<string, number> {
  const services = Map.groupBy(clients.operations, ({ service }) => service);
  const lost = [...services].map(([service, operations]) => [
    service,
    operations.reduce(
      (sum, { errors }) => sum + IN_VAIN.reduce((some, error) => some + (errors[error] ?? 0), 0),
      0,
    ),
  ]);
  return Object.fromEntries(lost);
}

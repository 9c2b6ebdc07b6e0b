import type { Features } from '@app/diagnosis';

/** Arrivals × hold time = connections needed: the result of the law, beside what PostgreSQL counts. */
export interface LittlesLaw {
  /** Requests for a connection each second, including those that got none. */
  arrivals_per_second: number;
  /** Milliseconds for which each request keeps its connection. */
  hold_ms: number;
  /** Connections that are needed at the same time. */
  needed: number;
  /** Sessions of the services that were working, on average over the same seconds. */
  seen: number;
  /** Connections available for that: those of the budget that are not kept without use. */
  available: number;
  /** Arrivals each second from which they are not enough. */
  saturates_at: number;
}

/** Results of waits that got no connection. */
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

/** Requests each second that waited and got no connection, by service. */
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

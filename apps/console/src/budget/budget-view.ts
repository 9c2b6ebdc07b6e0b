/** What a connection does. `lock`: it waits for another one; `transaction`: it is idle in an open transaction. */
export type SlotState = 'active' | 'idle' | 'held' | 'lock' | 'transaction';

/** A connection in its slot. */
export interface Slot {
  /** From 0; a connection keeps its slot as long as it lives. */
  slot: number;
  service: string;
  state: SlotState;
  /** Process id of the backend in PostgreSQL. */
  pid: number;
}

/** One service's part of the budget. */
export interface ServiceShare {
  service: string;
  open: number;
  active: number;
  idle: number;
  held: number;
  lock: number;
  /** Requests that wait for a connection, in all processes of the service. */
  waiting: number;
  /** Number of processes that are alive. */
  processes: number;
}

/** The budget as PostgreSQL counts it. */
export interface BudgetView {
  /** Unix milliseconds. */
  at: number;
  /** Why PostgreSQL did not answer; the rest is then from the last answer. */
  trouble?: string;
  max: number;
  open: number;
  slots: Slot[];
  services: ServiceShare[];
}

import type { Activity, ActivityRow } from './activity';
import { type ConnectionOwner, connectionOwner, INSTANCE } from './application-name';

/** Connections of one service, or of one process, by the state in which PostgreSQL sees them. */
interface ConnectionCount {
  open: number;
  active: number;
  idle: number;
  idle_in_transaction: number;
  waiting_on_lock: number;
  held_by_fault: number;
}

/** The shared budget as PostgreSQL counts it. */
export interface BudgetView {
  /** `performance.now()` at which the server was asked. */
  at: number;
  active_connections: number;
  max_connections: number;
  /** Percent, one decimal. */
  utilization_percent: number;
  /** False when only our own arithmetic limits the role: it has no CONNECTION LIMIT, or is a superuser. */
  enforced: boolean;
  by_service: Record<string, ConnectionCount>;
  /** Connections of this process alone. */
  own: ConnectionCount;
  /** Requests waiting for a connection, by service. */
  waiting: Record<string, number>;
  /** The same number, for all processes but this one. */
  waiting_elsewhere: number;
  /** Instances of each service that have a control connection, which means that the process is alive. */
  instances: Record<string, string[]>;
  /** All ordinary sessions of the server, of any role. */
  server: { max_connections: number; reserved: number; by_role: Record<string, number> };
}

/** The roles whose sessions are counted. */
export interface BudgetRoles {
  pool: string;
  control: string;
}

/** @param configuredBudget the limit that is assumed where PostgreSQL enforces none */
export function budgetView(
  activity: Activity,
  at: number,
  roles: BudgetRoles,
  configuredBudget: number,
): BudgetView {
  const { limit, superuser, max_connections, reserved, rows } = activity;
  const enforced = limit >= 0 && !superuser;
  const max = enforced ? limit : configuredBudget;
  const view: BudgetView = {
    at,
    active_connections: 0,
    max_connections: max,
    utilization_percent: 0,
    enforced,
    by_service: {},
    own: nothing(),
    waiting: {},
    waiting_elsewhere: 0,
    instances: {},
    server: { max_connections, reserved, by_role: {} },
  };
  for (const row of rows) addRow(view, row, roles);
  // A limit of 0 is used up from the start.
  view.utilization_percent = max === 0 ? 100 : Math.round((view.active_connections / max) * 1_000) / 10;
  return view;
}

function addRow(view: BudgetView, row: ActivityRow, roles: BudgetRoles): void {
  const { by_role } = view.server;
  by_role[row.role] = (by_role[row.role] ?? 0) + row.open;
  const owner = connectionOwner(row.application_name);
  if (row.role === roles.pool) return addConnections(view, row, owner);
  if (row.role === roles.control && owner.purpose === 'control') addProcess(view, owner);
}

function addProcess(view: BudgetView, owner: ConnectionOwner): void {
  view.waiting[owner.service] = (view.waiting[owner.service] ?? 0) + owner.waiting;
  if (owner.instance !== INSTANCE) view.waiting_elsewhere += owner.waiting;
  view.instances[owner.service] = [...(view.instances[owner.service] ?? []), owner.instance];
}

function addConnections(view: BudgetView, row: ActivityRow, owner: ConnectionOwner): void {
  view.active_connections += row.open;
  view.by_service[owner.service] ??= nothing();
  addCount(view.by_service[owner.service] as ConnectionCount, row, owner);
  if (owner.instance === INSTANCE) addCount(view.own, row, owner);
}

function addCount(to: ConnectionCount, row: ActivityRow, owner: ConnectionOwner): void {
  to.open += row.open;
  to.active += row.active;
  to.idle += row.idle;
  to.idle_in_transaction += row.idle_in_transaction;
  to.waiting_on_lock += row.waiting_on_lock;
  if (owner.purpose === 'held') to.held_by_fault += row.open;
}

function nothing(): ConnectionCount {
  return { open: 0, active: 0, idle: 0, idle_in_transaction: 0, waiting_on_lock: 0, held_by_fault: 0 };
}

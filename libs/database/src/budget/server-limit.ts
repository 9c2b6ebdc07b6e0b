import { Injectable, Logger } from '@nestjs/common';
import type { BudgetView } from './budget-view';
import { SharedBudget } from './shared-budget';

/** Number of roles that are named; those with the most connections come first. */
const NAMED_ROLES = 5;

/** The connections that the server accepts in total, of every role. */
export interface ServerConnections {
  max_connections: number;
  /** Of them, kept for superusers and for `pg_use_reserved_connections`. */
  reserved: number;
  open: number;
  /** Connections that ordinary roles can still open. */
  free: number;
  by_role: Record<string, number>;
}

/**
 * The limit of the server itself, which may be reached before the budget's: then requests are refused while the budget
 * seems to have room.
 */
@Injectable()
export class ServerLimit {
  private readonly logger = new Logger(ServerLimit.name);
  private warned = false;
  private server?: ServerConnections;

  constructor(private readonly budget: SharedBudget) {
    budget.on('view', (view) => this.count(view));
  }

  /** The server's connections while they limit more than the budget does; undefined while the budget is the limit. */
  get inTheWay(): ServerConnections | undefined {
    const { view } = this.budget;
    if (!view || !this.server) return undefined;
    return this.server.free < view.max_connections - view.active_connections ? this.server : undefined;
  }

  /** Percent of the available connections that are taken, whether the budget or the server is the limit. */
  get usedPercent(): number {
    const { view } = this.budget;
    if (!view) return 0;
    const free = this.inTheWay?.free;
    if (free === undefined) return view.utilization_percent;
    const attainable = view.active_connections + free;
    return attainable === 0 ? 100 : (100 * view.active_connections) / attainable;
  }

  /** Who fills the server, as a sentence; undefined while the server is not the limit. */
  get sentence(): string | undefined {
    const server = this.inTheWay;
    if (!server) return undefined;
    const { max_connections, reserved, open, by_role } = server;
    const roles = Object.entries(by_role).map(([role, count]) => `${role} ${count}`);
    return (
      `the server itself takes ${max_connections - reserved} of ordinary roles (max_connections ${max_connections}, ` +
      `${reserved} reserved), and ${open} are open: ${roles.join(', ')}`
    );
  }

  private count({ server: { max_connections, reserved, by_role } }: BudgetView): void {
    const roles = Object.entries(by_role).toSorted(
      ([name, open], [other, more]) => more - open || (name < other ? -1 : 1),
    );
    const open = roles.reduce((sum, [, count]) => sum + count, 0);
    const free = Math.max(0, max_connections - reserved - open);
    const named = Object.fromEntries(roles.slice(0, NAMED_ROLES));
    this.server = { max_connections, reserved, open, free, by_role: named };
    this.warnOnce();
  }

  private warnOnce(): void {
    const budget = this.budget.view?.max_connections;
    if (this.warned || !this.sentence) return;
    this.warned = true;
    this.logger.warn(`The budget of ${budget} connections cannot be used in full: ${this.sentence}.`);
  }
}

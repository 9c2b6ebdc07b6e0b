import { EventEmitter, once } from 'node:events';
import { Configuration } from '@app/configuration';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { applicationName, type ConnectionOwner, connectionOwner, INSTANCE } from './application-name';
import { ControlConnection } from './control-connection';

/** Milliseconds between two looks at pg_stat_activity; one look costs the server about 1 ms. */
const LOOK_EVERY_MS = 250;
/** Milliseconds that the start of the process waits for the first look. */
const FIRST_LOOK_MS = 1_000;
/** Least milliseconds between two publications of the own queue's length. */
const REPORT_EVERY_MS = 100;

/** Connections of one service, or of one process, by what PostgreSQL sees them do. */
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
  /** False when nothing but our own arithmetic limits the role: no CONNECTION LIMIT, or a superuser. */
  enforced: boolean;
  by_service: Record<string, ConnectionCount>;
  /** Connections of this process alone. */
  own: ConnectionCount;
  /** Requests waiting for a connection, by service. */
  waiting: Record<string, number>;
  /** The same, of all processes but this one. */
  waiting_elsewhere: number;
  /** Instances of each service that have a control connection: the processes alive. */
  instances: Record<string, string[]>;
}

interface ActivityRow extends Omit<ConnectionCount, 'held_by_fault'> {
  in_budget: boolean;
  application_name: string;
  limit: number;
  superuser: boolean;
}

// The role's limit is read each time too: what PostgreSQL enforces is the figure, not what was configured.
const ACTIVITY = `
  SELECT a.usename = $1 AS in_budget, a.application_name, r.rolconnlimit AS limit, r.rolsuper AS superuser,
         count(*)::int AS open,
         count(*) FILTER (WHERE a.state = 'active')::int AS active,
         count(*) FILTER (WHERE a.state = 'idle')::int AS idle,
         count(*) FILTER (WHERE a.state LIKE 'idle in transaction%')::int AS idle_in_transaction,
         count(*) FILTER (WHERE a.wait_event_type = 'Lock')::int AS waiting_on_lock
  FROM pg_stat_activity a, pg_roles r
  WHERE r.rolname = $1 AND a.usename IN ($1, $2) AND coalesce(a.backend_type, 'client backend') = 'client backend'
  GROUP BY 1, 2, 3, 4`;

/**
 * Percent of the budget in use from which on it is scarce, and below which it has room again. Apart, so that giving
 * back does not make room for opening at once what was given back.
 */
const SCARCE_FROM_PERCENT = 90;
const ROOM_BELOW_PERCENT = 80;

interface BudgetEvents {
  view: [BudgetView];
  /** The budget became scarce: no place for idle connections; or it has room again. */
  scarce: [boolean];
  /** Some process wants many connections: give back what is not needed, and open none for so many ms. */
  giveWay: [ms: number];
  /** Somebody gave back connections, PostgreSQL is there again, or has all it wanted; the view is newer than that. */
  freed: [];
  /** PostgreSQL, which was there, cannot be reached any more. */
  lost: [];
}

/** What this process knows of the one budget that all services share, and what it tells the others of itself. */
@Injectable()
export class SharedBudget
  extends EventEmitter<BudgetEvents>
  implements OnApplicationBootstrap, OnApplicationShutdown
{
  private timer?: NodeJS.Timeout;
  private looking?: Promise<void>;
  private waitingHere = 0;
  private reported = 0;
  private reporting?: NodeJS.Timeout;
  private stopped = false;
  /** Whether the budget is nearly used up. */
  scarce = false;
  /** The latest view; undefined until the control connection was up once. */
  view?: BudgetView;

  constructor(
    private readonly control: ControlConnection,
    private readonly configuration: Configuration,
  ) {
    super();
    control.on('up', () => {
      this.reported = 0;
      void this.look().then(() => this.emit('freed'));
    });
    control.on('down', (_error, wasUp) => {
      if (wasUp) this.emit('lost');
    });
    control.on('notice', ({ topic, ms }) => {
      if (topic === 'give-way') this.emit('giveWay', Number(ms) || 0);
      if (topic === 'freed') void this.lookAfresh().then(() => this.emit('freed'));
    });
  }

  /** So that the first request finds figures; without a database the process starts all the same. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.view) return;
    await once(this, 'view', { signal: AbortSignal.timeout(FIRST_LOOK_MS) }).catch(() => undefined);
  }

  /** Asks all processes, this one too, to give back idle connections, and to open none for `ms`. */
  askForRoom(ms: number): Promise<void> {
    return this.control.publish('give-way', { ms });
  }

  /** Tells all processes that slots are free now. */
  announceRoom(): Promise<void> {
    return this.control.publish('freed');
  }

  /** Requests of other processes that wait for a connection, as of the latest view. */
  get othersWaiting(): boolean {
    return (this.view?.waiting_elsewhere ?? 0) > 0;
  }

  /** Connections that PostgreSQL would still accept, as of the latest view; no limit is known while it is away. */
  get free(): number {
    if (!this.view || this.control.trouble) return Number.POSITIVE_INFINITY;
    return this.view.max_connections - this.view.active_connections;
  }

  /** Asks PostgreSQL now; callers at the same time share one answer. Never rejects: a failure leaves the old view. */
  look(): Promise<void> {
    clearTimeout(this.timer);
    this.looking ??= this.ask()
      .catch(() => undefined)
      .finally(() => {
        this.looking = undefined;
        if (!this.stopped) this.timer = setTimeout(() => void this.look(), LOOK_EVERY_MS);
      });
    return this.looking;
  }

  /** Asks PostgreSQL, and again after an answer that was already under way: the view is newer than this call. */
  async lookAfresh(): Promise<BudgetView | undefined> {
    await this.looking;
    await this.look();
    return this.view;
  }

  /** Publishes how many requests wait here. pg_stat_activity is the shared board: no table, no vacuum, no leftovers. */
  report(waiting: number): void {
    this.waitingHere = waiting;
    if (waiting !== this.reported)
      this.reporting ??= setTimeout(() => this.publishWaiting(), REPORT_EVERY_MS);
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.reporting);
  }

  private publishWaiting(): void {
    this.reporting = undefined;
    this.reported = this.waitingHere;
    const name = applicationName(this.configuration.SERVICE_NAME, 'control', this.reported);
    this.control.ask("SELECT set_config('application_name', $1, false)", [name]).catch(() => undefined);
  }

  private judge(usedPercent: number): void {
    const scarce = usedPercent >= (this.scarce ? ROOM_BELOW_PERCENT : SCARCE_FROM_PERCENT);
    if (scarce === this.scarce) return;
    this.scarce = scarce;
    this.emit('scarce', scarce);
  }

  private async ask(): Promise<void> {
    const at = performance.now();
    const { DB_USER, DB_CONTROL_USER, DB_CONNECTION_BUDGET } = this.configuration;
    const rows = await this.control.ask<ActivityRow>(ACTIVITY, [DB_USER, DB_CONTROL_USER]);
    this.view = budgetView(rows, at, DB_CONNECTION_BUDGET);
    this.emit('view', this.view);
    this.judge(this.view.utilization_percent);
  }
}

function budgetView(rows: ActivityRow[], at: number, configuredBudget: number): BudgetView {
  const { limit = -1, superuser = false } = rows[0] ?? {};
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
  };
  for (const row of rows) addRow(view, row, connectionOwner(row.application_name));
  // A limit of 0 is used up from the start.
  view.utilization_percent = max === 0 ? 100 : Math.round((view.active_connections / max) * 1_000) / 10;
  return view;
}

function addRow(view: BudgetView, row: ActivityRow, owner: ConnectionOwner): void {
  if (!row.in_budget) {
    if (owner.purpose !== 'control') return;
    view.waiting[owner.service] = (view.waiting[owner.service] ?? 0) + owner.waiting;
    if (owner.instance !== INSTANCE) view.waiting_elsewhere += owner.waiting;
    view.instances[owner.service] = [...(view.instances[owner.service] ?? []), owner.instance];
    return;
  }
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

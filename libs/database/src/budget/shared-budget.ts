import { EventEmitter, once } from 'node:events';
import { Configuration } from '@app/configuration';
import { inBackground } from '@app/telemetry';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { causeName } from '../failures/cause-of';
import type { Activity } from './activity';
import { ActivityWatch } from './activity-watch';
import { applicationName } from './application-name';
import { type BudgetView, budgetView } from './budget-view';
import { ControlConnection } from './control-connection';

/** Milliseconds that the start of the process waits for the first view. */
const FIRST_VIEW_MS = 1_000;
/** Milliseconds after which a view is too old to go by: the pool then works like a plain one. */
const VIEW_GOOD_FOR_MS = 1_500;
/** The longest that a process may ask the others to open no connections, in milliseconds. */
export const GIVE_WAY_AT_MOST_MS = 1_500;
/** Milliseconds at least between two publications of the length of this process's queue. */
const REPORT_EVERY_MS = 100;

/**
 * Percent of the budget in use from which it is scarce, and below which it has room again. They differ so that
 * connections that were just given back are not opened again at once.
 */
const SCARCE_FROM_PERCENT = 90;
const ROOM_BELOW_PERCENT = 80;

interface BudgetEvents {
  view: [BudgetView];
  /** The budget became scarce, and idle connections are given back; or it has room again. */
  scarce: [boolean];
  /** Some process wants many connections: give back what is not needed, and open none for this many milliseconds. */
  giveWay: [ms: number];
  /** A process gave back connections, or got all it wanted, or PostgreSQL is back; the view is newer than that. */
  freed: [];
  /** PostgreSQL, which was reachable, does not answer any more, or not in time. */
  silent: [];
}

/** What this process knows of the one budget that all services share, and what it publishes about itself. */
@Injectable()
export class SharedBudget extends EventEmitter<BudgetEvents> implements OnApplicationBootstrap {
  private readonly logger = new Logger(SharedBudget.name);
  private waitingHere = 0;
  private reported = 0;
  private reporting?: NodeJS.Timeout;
  /** Whether the budget is nearly used up. */
  scarce = false;
  /** The latest view; undefined until the control connection has been up once. */
  view?: BudgetView;

  constructor(
    private readonly watch: ActivityWatch,
    private readonly control: ControlConnection,
    private readonly configuration: Configuration,
  ) {
    super();
    control.on('up', () => {
      this.reported = 0;
      void watch.begin().then(() => this.emit('freed'));
    });
    watch.on('activity', (activity, at) => this.become(activity, at));
    watch.on('unanswered', (error) => this.unanswered(error));
    control.on('down', (_error, wasUp) => {
      if (wasUp) this.emit('silent');
    });
    control.on('silent', () => this.emit('silent'));
    control.on('notice', ({ topic, ms }) => {
      if (topic === 'give-way') this.emit('giveWay', atMost(GIVE_WAY_AT_MOST_MS, ms));
      if (topic === 'freed') void this.refresh().then(() => this.emit('freed'));
    });
  }

  /** Lets the first request find a view; without a database the process starts all the same. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.view) return;
    await once(this, 'view', { signal: AbortSignal.timeout(FIRST_VIEW_MS) }).catch(() => undefined);
  }

  /** One listener's error keeps nothing from the others: this process must not end up half informed. */
  override emit<Name extends keyof BudgetEvents>(name: Name, ...details: BudgetEvents[Name]): boolean {
    const listeners = this.rawListeners(name) as ((...details: BudgetEvents[Name]) => void)[];
    for (const listener of listeners) {
      try {
        listener.apply(this, details);
      } catch (error) {
        this.logger.error(error);
      }
    }
    return listeners.length > 0;
  }

  /** Asks all processes, this one included, to give back idle connections, and to open none for `ms`. */
  askForRoom(ms: number): Promise<void> {
    return this.control.publish('give-way', { ms });
  }

  /** Notifies all processes that slots are free now. */
  announceRoom(): Promise<void> {
    return this.control.publish('freed');
  }

  /** Why there is no usable view now; undefined while there is one. */
  get blindBecause(): string | undefined {
    if (this.recent) return undefined;
    return this.control.trouble ? 'no control connection' : 'the control connection does not answer in time';
  }

  /** Whether requests of other processes wait for a connection, according to the latest view. */
  get othersWaiting(): boolean {
    return (this.recent?.waiting_elsewhere ?? 0) > 0;
  }

  /** Connections that PostgreSQL would still accept, by the latest view; without a recent one, no limit is known. */
  get free(): number {
    if (!this.recent) return Number.POSITIVE_INFINITY;
    return this.recent.max_connections - this.recent.active_connections;
  }

  /** Asks PostgreSQL, once more if an answer was already under way: the view is newer than this call. */
  async refresh(): Promise<BudgetView | undefined> {
    await this.watch.refresh();
    return this.view;
  }

  /** Publishes how many requests wait here. pg_stat_activity is the shared board: no table, no vacuum, no leftovers. */
  report(waiting: number): void {
    this.waitingHere = waiting;
    if (waiting !== this.reported)
      this.reporting ??= inBackground(() => setTimeout(() => this.publishWaiting(), REPORT_EVERY_MS));
  }

  end(): void {
    this.watch.end();
    clearTimeout(this.reporting);
  }

  private publishWaiting(): void {
    this.reporting = undefined;
    this.reported = this.waitingHere;
    const name = applicationName(this.configuration.SERVICE_NAME, 'control', this.reported);
    const notice = this.watch.pollNow;
    const notify = notice ? ', pg_notify($2, $3)' : '';
    this.control
      .ask(`SELECT set_config('application_name', $1, false)${notify}`, [name, ...(notice ?? [])])
      .catch(() => undefined);
  }

  private unanswered(error: unknown): void {
    this.updateScarcity();
    // The control connection reports a missing answer itself; any other error comes from a listener for the view.
    if (causeName(error)) return;
    this.logger.warn(
      `the view of the budget could not be used: ${error instanceof Error ? error.stack : error}`,
    );
  }

  /** The latest view while it is recent enough to go by. */
  private get recent(): BudgetView | undefined {
    return this.view && performance.now() - this.view.at < VIEW_GOOD_FOR_MS ? this.view : undefined;
  }

  private updateScarcity(): void {
    const usedPercent = this.recent?.utilization_percent ?? 0;
    const scarce = usedPercent >= (this.scarce ? ROOM_BELOW_PERCENT : SCARCE_FROM_PERCENT);
    if (scarce === this.scarce) return;
    this.scarce = scarce;
    this.emit('scarce', scarce);
  }

  private become(activity: Activity, at: number): void {
    const { DB_USER: pool, DB_CONTROL_USER: control, DB_CONNECTION_BUDGET } = this.configuration;
    this.view = budgetView(activity, at, { pool, control }, DB_CONNECTION_BUDGET);
    this.updateScarcity();
    this.emit('view', this.view);
  }
}

/** A number of milliseconds from outside, limited to its bounds. */
function atMost(most: number, ms: unknown): number {
  return Math.min(most, Math.max(0, Number(ms) || 0));
}

import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { ACTIVITY, type ActivityRow, connectionsOf, sharesOf } from './activity';
import { BudgetHistory } from './budget-history';
import type { BudgetView } from './budget-view';
import { Slots } from './slots';

/** Milliseconds between two looks; one look costs the server about 1 ms. */
const LOOK_EVERY_MS = 500;
const TIMEOUT_MS = 1_000;

/** Looks at pg_stat_activity over one connection of the control role, which works while the budget is used up. */
@Injectable()
export class BudgetWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(BudgetWatch.name);
  private readonly slots = new Slots();
  private client?: Client;
  private timer?: NodeJS.Timeout;
  private stopped = false;
  readonly history = new BudgetHistory();
  view: BudgetView;

  constructor(private readonly configuration: ConsoleConfiguration) {
    const max = configuration.DB_CONNECTION_BUDGET;
    this.view = { at: Date.now(), trouble: 'not connected yet', max, open: 0, slots: [], services: [] };
  }

  onApplicationBootstrap(): void {
    void this.look();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async look(): Promise<void> {
    try {
      this.client ??= await this.connect();
      const { DB_USER, DB_CONTROL_USER } = this.configuration;
      this.take((await this.client.query<ActivityRow>(ACTIVITY, [DB_USER, DB_CONTROL_USER])).rows);
    } catch (error) {
      this.lost(error as Error);
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.look(), LOOK_EVERY_MS);
  }

  private take(rows: ActivityRow[]): void {
    if (this.view.trouble) this.logger.log('looking at pg_stat_activity');
    const limit = rows[0]?.limit ?? -1;
    const connections = connectionsOf(rows);
    this.view = {
      at: Date.now(),
      max: limit >= 0 ? limit : this.configuration.DB_CONNECTION_BUDGET,
      open: connections.length,
      slots: this.slots.place(connections),
      services: sharesOf(rows, connections),
    };
    this.history.add(this.view);
  }

  private lost({ message, ...error }: Error & { code?: string }): void {
    // Node leaves the message empty when every address of a host refused.
    const trouble = message || (error.code ?? 'unreachable');
    if (this.view.trouble !== trouble && !this.stopped)
      this.logger.warn(`PostgreSQL cannot be asked: ${trouble}`);
    this.view = { ...this.view, trouble };
    // end() on a connection that is being made waits for ever; destroying the socket frees both sides.
    this.client?.connection.stream.destroy();
    this.client = undefined;
  }

  private async connect(): Promise<Client> {
    const { DB_HOST, DB_PORT, DB_NAME, DB_CONTROL_USER, DB_CONTROL_PASSWORD, DB_SSL } = this.configuration;
    const client = new Client({
      host: DB_HOST,
      port: DB_PORT,
      database: DB_NAME,
      user: DB_CONTROL_USER,
      password: DB_CONTROL_PASSWORD,
      // Not in the form that the services use: the console is none of the processes that share the budget.
      application_name: 'load-demo-console',
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
      keepAlive: true,
      ssl: DB_SSL === 'disable' ? false : { rejectUnauthorized: DB_SSL === 'verify-full' },
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}

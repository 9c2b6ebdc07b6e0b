import type { Observation } from '@app/observer';
import { Injectable } from '@nestjs/common';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { DatabaseWatch } from '../database-watch/database-watch';
import { connectionsOf, sharesOf } from './activity';
import { BudgetHistory } from './budget-history';
import type { BudgetView } from './budget-view';
import { Slots } from './slots';

/** The budget now and in the past, according to each observation of the server. */
@Injectable()
export class BudgetWatch {
  private readonly slots = new Slots();
  readonly history = new BudgetHistory();
  view: BudgetView;

  constructor(
    private readonly configuration: ConsoleConfiguration,
    watch: DatabaseWatch,
  ) {
    const max = configuration.DB_CONNECTION_BUDGET;
    this.view = { at: Date.now(), trouble: 'not connected yet', max, open: 0, slots: [], services: [] };
    watch.onObservation((observation) => this.take(observation));
  }

  private take({ at, database, trouble }: Observation): void {
    if (!database) {
      this.view = { ...this.view, trouble: trouble?.message };
      return;
    }
    const { DB_USER, DB_CONTROL_USER, DB_CONNECTION_BUDGET } = this.configuration;
    const { sessions, server } = database;
    const connections = connectionsOf(sessions, DB_USER);
    this.view = {
      at,
      max: server.roleLimit >= 0 ? server.roleLimit : DB_CONNECTION_BUDGET,
      open: connections.length,
      slots: this.slots.assign(connections),
      services: sharesOf(sessions, connections, DB_CONTROL_USER),
    };
    this.history.add(this.view);
  }
}

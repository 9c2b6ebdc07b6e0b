import type { Observation } from '@app/observer';
import { SERVICES } from '@app/service-client';
import { Injectable } from '@nestjs/common';
import { BudgetWatch } from '../budget/budget-watch';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { DatabaseWatch } from '../database-watch/database-watch';
import { DiagnosisWatch } from '../diagnosis/diagnosis-watch';
import { ServiceWatch } from '../services/service-watch';
import { StartedProcesses } from '../services/started-processes';
import type { Seen } from './facts';
import { type Headline, headlineOf } from './headline';

/** Milliseconds without an answer after which PostgreSQL counts as down. */
const AWAY_AFTER_MS = 5_000;

/** The current headline. */
@Injectable()
export class HeadlineWatch {
  /** The latest observation with an answer: what a busy machine misses once is not gone. */
  private answered?: Observation;

  constructor(
    private readonly configuration: ConsoleConfiguration,
    database: DatabaseWatch,
    private readonly budget: BudgetWatch,
    private readonly diagnosis: DiagnosisWatch,
    private readonly services: ServiceWatch,
    private readonly processes: StartedProcesses,
  ) {
    database.onObservation((observation) => {
      if (observation.database) this.answered = observation;
    });
  }

  get headline(): Headline {
    return headlineOf(this.seen(), this.diagnosis.diagnosis.findings);
  }

  private seen(): Seen {
    const { DB_USER: role, DB_CONTROL_USER: controlRole } = this.configuration;
    const { max, services } = this.budget.view;
    const { answered } = this;
    const fresh = answered && Date.now() - answered.at <= AWAY_AFTER_MS;
    const { sessions = [], waiting = [] } = (fresh && answered.database) || {};
    const queued = services.reduce((sum, share) => sum + share.waiting, 0);
    const oldestMs = Math.max(0, ...this.services.states.map(({ queue }) => queue.oldest_wait_ms));
    return {
      away: this.away(),
      services: SERVICES.length,
      ...{ max, role, controlRole, sessions, waiting },
      queue: { waiting: queued, oldestMs: queued > 0 ? oldestMs : 0 },
      ...this.diagnosis.windows,
    };
  }

  /** Services and servers that do not answer, and why; the end that `npm start` reports explains more than silence. */
  private away(): Seen['away'] {
    const { trouble, at } = this.budget.view;
    // One late answer is not an outage: it happens on a busy machine.
    const lasts = trouble !== undefined && Date.now() - at > AWAY_AFTER_MS;
    const server = !lasts ? [] : [{ name: 'PostgreSQL', detail: trouble }];
    const silent = this.services.states.flatMap(({ service: name, up, detail = 'no answer' }) =>
      up ? [] : [{ name, detail }],
    );
    return [...server, ...silent].map(({ name, detail }) => {
      const ended = this.processes.states.find((one) => one.name === name && !one.up)?.ended;
      return { name, reason: ended ? `ended (${ended}); npm start starts it again` : detail };
    });
  }
}

import { type Diagnosis, Diagnostician, type Features } from '@app/diagnosis';
import { sampleOf } from '@app/observer';
import { Injectable } from '@nestjs/common';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { DatabaseWatch } from '../database-watch/database-watch';

/** What is wrong, according to each observation of the server. */
@Injectable()
export class DiagnosisWatch {
  private readonly diagnostician: Diagnostician;

  constructor(configuration: ConsoleConfiguration, watch: DatabaseWatch) {
    const { DB_USER: role, DB_CONTROL_USER: controlRole, DB_CONNECTION_BUDGET: budget } = configuration;
    this.diagnostician = new Diagnostician({ role, controlRole, budget });
    watch.onObservation((observation) => this.diagnostician.take(sampleOf(observation)));
  }

  get diagnosis(): Diagnosis {
    return this.diagnostician.diagnosis;
  }

  /** The last seconds, and the time at rest before them. */
  get windows(): { now?: Features; rest?: Features } {
    return this.diagnostician.windows;
  }
}

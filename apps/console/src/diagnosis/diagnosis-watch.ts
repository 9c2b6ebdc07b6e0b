import { type Diagnosis, Diagnostician, type Features } from '@app/diagnosis';
import { sampleOf } from '@app/observer';
import { Injectable } from '@nestjs/common';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { DatabaseWatch } from '../database-watch/database-watch';

/** What is wrong, by each look at the server. */
@Injectable()
export class DiagnosisWatch {
  private readonly diagnostician: Diagnostician;

  constructor(configuration: ConsoleConfiguration, watch: DatabaseWatch) {
    const { DB_USER: role, DB_CONTROL_USER: controlRole, DB_CONNECTION_BUDGET: budget } = configuration;
    this.diagnostician = new Diagnostician({ role, controlRole, budget });
    watch.onLook((look) => this.diagnostician.take(sampleOf(look)));
  }

  get diagnosis(): Diagnosis {
    return this.diagnostician.diagnosis;
  }

  /** The last seconds, and what was at rest before them. */
  get windows(): { now?: Features; rest?: Features } {
    return this.diagnostician.windows;
  }
}

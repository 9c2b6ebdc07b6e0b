import { Injectable } from '@nestjs/common';
import { ControlConnection } from './control-connection';

/** Whether the schema that the services need exists. Once seen, it is not checked again. */
@Injectable()
export class SchemaCheck {
  seen = false;

  constructor(private readonly control: ControlConnection) {}

  /** @throws the error of PostgreSQL or of the connection to it */
  async check(): Promise<boolean> {
    if (!this.seen) {
      const [row] = await this.control.ask<{ seen: boolean }>(
        "SELECT to_regclass('demo_faults') IS NOT NULL AS seen",
      );
      this.seen = row?.seen ?? false;
    }
    return this.seen;
  }
}

import { Injectable } from '@nestjs/common';
import { ControlConnection } from './control-connection';

/** Whether the schema that the services need is there. Once seen, it is not looked for again. */
@Injectable()
export class SchemaCheck {
  seen = false;

  constructor(private readonly control: ControlConnection) {}

  /** @throws what PostgreSQL or the connection to it said */
  async look(): Promise<boolean> {
    if (!this.seen) {
      const [row] = await this.control.ask<{ seen: boolean }>(
        "SELECT to_regclass('demo_faults') IS NOT NULL AS seen",
      );
      this.seen = row?.seen ?? false;
    }
    return this.seen;
  }
}

import { setTimeout } from 'node:timers/promises';
import { Configuration } from '@app/configuration';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/** Whether this process is on its way out. */
@Injectable()
export class Shutdown implements BeforeApplicationShutdown {
  started = false;

  constructor(private readonly configuration: Configuration) {}

  /**
   * Readiness goes off first; for the drain time requests are still accepted, each answered with
   * `Connection: close`, so that no client sends one on a connection that is being closed.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.started = true;
    await setTimeout(this.configuration.SHUTDOWN_DRAIN_MS);
  }
}

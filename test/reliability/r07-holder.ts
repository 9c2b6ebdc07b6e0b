import { setTimeout } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import type { RunningService } from '../support/running-service';
import { System } from '../support/system';
import { exactly, within } from './figures';
import type { Row } from './row';

export const HOLDER: Row = {
  id: 'R7',
  claim: 'A holder that is killed, runs out of time or is stopped gives all its slots back',
  byTime: true,
  async measure({ full, random, progress }) {
    const system = await System.start();
    try {
      const holders = new Holders(system);
      const rounds = full ? 10 : 1;
      for (let round = 1; round <= rounds; round++) {
        progress(`round ${round} of ${rounds}`);
        await holders.runOutOfTimeAndStop();
        await holders.stopWhileFilling(random.between(0, 400));
        await holders.kill();
      }
      return [
        within('slots free after kill -9, slowest', Math.max(...holders.afterKill), 2_000),
        within('slots free after the end of the TTL, slowest', Math.max(...holders.afterTtl), 1_000),
        within('slots free after SIGTERM, slowest', Math.max(...holders.afterSigterm), 2_000),
        within('exit after SIGTERM, slowest', Math.max(...holders.untilExit), 5_000),
        exactly('exit codes after SIGTERM', [...holders.exitCodes].join(', '), '0'),
        exactly('faults left declared by a stop', holders.leftDeclared, 0),
      ];
    } finally {
      await system.stop();
    }
  },
};

/** Lets one process after the other hold connections and end. Times are milliseconds until nothing is held. */
class Holders {
  readonly afterKill: number[] = [];
  readonly afterTtl: number[] = [];
  readonly afterSigterm: number[] = [];
  readonly untilExit: number[] = [];
  readonly exitCodes = new Set<number | string>();
  leftDeclared = 0;

  constructor(private readonly system: System) {}

  async kill(): Promise<void> {
    const holder = await this.holding();
    const killed = performance.now();
    await holder.stop('SIGKILL');
    this.afterKill.push(await this.untilFree(killed));
  }

  async runOutOfTimeAndStop(): Promise<void> {
    const holder = await this.holding();
    // The time is shortened once it holds: on a busy machine, filling alone may take a second.
    await holder.post('/demo/simulate-pool-exhaustion', { connections: 95, ttl_seconds: 1 });
    const [declared] = await this.system.sql<{ left: number }>(
      'SELECT extract(epoch FROM expires_at - clock_timestamp())::float8 * 1000 AS left FROM demo_faults',
    );
    if (!declared) throw new Error('the fault is not declared');
    this.afterTtl.push(await this.untilFree(performance.now() + declared.left));
    await this.holding(holder);
    await this.stop(holder);
  }

  async stopWhileFilling(afterMs: number): Promise<void> {
    const holder = await this.system.service('inventory');
    const asked = holder.post('/demo/simulate-pool-exhaustion').catch(() => 'cut off');
    await setTimeout(afterMs);
    await this.stop(holder);
    await asked;
  }

  private async stop(holder: RunningService): Promise<void> {
    const stopped = performance.now();
    const ended = holder.stop();
    this.afterSigterm.push(await this.untilFree(stopped));
    this.exitCodes.add(await ended);
    this.untilExit.push(performance.now() - stopped);
    this.leftDeclared += (await this.system.sql('SELECT FROM demo_faults')).length;
  }

  /** A process that holds 95 connections, as PostgreSQL counts them. */
  private async holding(process?: RunningService): Promise<RunningService> {
    const service = process ?? (await this.system.service('inventory'));
    await service.post('/demo/simulate-pool-exhaustion', { connections: 95 });
    await eventually(async () => {
      if ((await this.held()) !== 95) throw new Error(`${await this.held()} held`);
    });
    return service;
  }

  private async untilFree(since: number): Promise<number> {
    await eventually(async () => {
      if ((await this.held()) > 0) throw new Error('still held');
    });
    return performance.now() - since;
  }

  private async held(): Promise<number> {
    const rows = await this.system.sql(`SELECT FROM pg_stat_activity WHERE application_name LIKE '%held'`);
    return rows.length;
  }
}

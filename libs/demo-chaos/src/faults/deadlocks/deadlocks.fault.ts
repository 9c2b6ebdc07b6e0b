import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Client } from 'pg';
import { WholeNumber } from '../../fault-settings';
import type { Measurement } from '../../measuring/measurement';
import type { SessionGroup } from '../../sessions/session-group';
import { SessionsFault } from '../../sessions/sessions-fault';

class DeadlocksSettings {
  @WholeNumber('Pairs of sessions that update the same two products in opposite order', {
    minimum: 1,
    maximum: 12,
  })
  readonly pairs: number = 4;
}

/** Milliseconds between the two updates, so that the other transaction gets its first row. */
const BETWEEN_MS = 30;
const PAUSE_MS = 20;
// The value stays as it is, and the transaction is also rolled back.
const UPDATE = 'UPDATE products SET stock_quantity = stock_quantity WHERE id = $1';

/** Two transactions update two rows in opposite order. PostgreSQL ends one, after `deadlock_timeout` (1 s). */
@Injectable()
export class DeadlocksFault extends SessionsFault<DeadlocksSettings> {
  readonly name = 'deadlocks';
  readonly title = 'Deadlocks';
  readonly kind = 'lock';
  readonly summary =
    'Pairs of sessions update the same two rows in opposite order; PostgreSQL ends one of each two';
  readonly settings = DeadlocksSettings;
  private before = 0;

  protected async open({ pairs }: DeadlocksSettings, group: SessionGroup): Promise<void> {
    this.before = await this.counted();
    for (let pair = 0; pair < pairs; pair++) {
      const rows = [pair * 2 + 1, pair * 2 + 2];
      for (const order of [rows, rows.toReversed()]) {
        const client = await group.login('service');
        void group.repeat(() => updateBoth(client, order), PAUSE_MS);
      }
    }
  }

  protected async measure(_asked: DeadlocksSettings, group: SessionGroup): Promise<Measurement> {
    const deadlocks = (await this.counted()) - this.before;
    const waiting = await this.sessions.waitingBehind(group.pids);
    return {
      measured: { deadlocks, waiting },
      effective: deadlocks > 0,
      detail: `PostgreSQL has counted ${deadlocks} deadlocks since; ${waiting} other sessions wait behind them`,
    };
  }

  private async counted(): Promise<number> {
    const { deadlocks } = await this.sessions.ask<{ deadlocks: number }>(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    );
    return deadlocks;
  }
}

async function updateBoth(client: Client, [first, second]: number[]): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(UPDATE, [first]);
    await setTimeout(BETWEEN_MS);
    await client.query(UPDATE, [second]);
  } finally {
    await client.query('ROLLBACK');
  }
}

import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import type { Measurement } from '../../measuring/measurement';
import type { SessionGroup } from '../../sessions/session-group';
import { SessionsFault } from '../../sessions/sessions-fault';

class LockQueueSettings {
  @WholeNumber('Milliseconds that the change of the table waits for its lock, before it tries again', {
    minimum: 100,
    maximum: 30_000,
  })
  readonly patience_ms: number = 1_200;
}

/** Milliseconds between two attempts, in which everything that waited goes through. */
const PAUSE_MS = 30;

/** A report reads, and a change of the table waits behind it: every later statement waits behind the change. */
@Injectable()
export class LockQueueFault extends SessionsFault<LockQueueSettings> {
  readonly name = 'lock-queue';
  readonly title = 'Lock queue';
  readonly kind = 'lock';
  readonly summary =
    'A report reads a table and a migration waits behind it; everybody else queues, readers too';
  readonly settings = LockQueueSettings;

  override async unavailable(): Promise<string | undefined> {
    const { may } = await this.sessions.ask<{ may: boolean }>(
      `SELECT coalesce(has_function_privilege(to_regprocedure('lock_products()'), 'EXECUTE'), false)
              AND has_table_privilege('products', 'SELECT') AS may`,
    );
    const { DB_CONTROL_USER } = this.sessions.configuration;
    return may ? undefined : `${DB_CONTROL_USER} needs EXECUTE on lock_products() and SELECT on products`;
  }

  protected async open({ patience_ms }: LockQueueSettings, group: SessionGroup): Promise<void> {
    await group.loginInTransaction('control', 'BEGIN; SELECT count(*) FROM products', 'report');
    const limits = { lock_timeout: `${patience_ms}ms`, statement_timeout: '0' };
    const changer = await group.login('control', limits, 'migration');
    void group.repeat(async () => {
      await changer.query('BEGIN');
      // It never gets the lock, so it changes nothing.
      await changer.query('SELECT lock_products()').finally(() => changer.query('ROLLBACK'));
    }, PAUSE_MS);
  }

  protected async measure(_asked: LockQueueSettings, group: SessionGroup): Promise<Measurement> {
    const { wanted } = await this.sessions.ask<{ wanted: number }>(
      `SELECT count(*)::int AS wanted FROM pg_locks
       WHERE pid = ANY ($1) AND mode = 'AccessExclusiveLock' AND NOT granted`,
      [group.pids],
    );
    const waiting = await this.sessions.waitingBehind(group.pids);
    const change = wanted > 0 ? 'the change waits for ACCESS EXCLUSIVE' : 'the change does not wait';
    return {
      measured: { exclusive_locks_waiting: wanted, waiting },
      effective: wanted > 0,
      detail: `${change} behind the report (sessions ${group.pids.join(', ')}); ${waiting} sessions wait behind both`,
    };
  }
}

import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import type { Measurement } from '../../measuring/measurement';
import type { SessionGroup } from '../../sessions/session-group';
import { SessionsFault } from '../../sessions/sessions-fault';

class IdleInTransactionSettings {
  @WholeNumber('Sessions of the budget that begin a transaction, read one row and then do nothing', {
    minimum: 1,
    maximum: 50,
  })
  readonly sessions: number = 8;
}

/** Sessions that begin a transaction and then do something else. Each keeps its snapshot, so dead rows must stay. */
@Injectable()
export class IdleInTransactionFault extends SessionsFault<IdleInTransactionSettings> {
  readonly name = 'idle-in-transaction';
  readonly title = 'Idle in transaction';
  readonly kind = 'lock';
  readonly summary =
    'Sessions that stay in a transaction and do nothing; nobody waits, but no dead row may go';
  readonly settings = IdleInTransactionSettings;
  override readonly example = { sessions: 4 };

  protected async open({ sessions }: IdleInTransactionSettings, group: SessionGroup): Promise<void> {
    const open = async () => {
      const client = await group.loginInTransaction('service', 'BEGIN ISOLATION LEVEL REPEATABLE READ');
      await client.query('SELECT id FROM products LIMIT 1');
    };
    await Promise.all(Array.from({ length: sessions }, open));
  }

  protected async measure(
    { sessions }: IdleInTransactionSettings,
    group: SessionGroup,
  ): Promise<Measurement> {
    const { with_snapshot: idle, oldest_ms } = await this.sessions.idleInTransaction(group.pids);
    return {
      measured: { idle_in_transaction: idle, oldest_ms },
      effective: idle === sessions,
      detail: `${idle} sessions idle in transaction with a snapshot, the oldest for ${oldest_ms} ms`,
    };
  }
}

import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import type { Measurement } from '../../measuring/measurement';
import type { SessionGroup } from '../../sessions/session-group';
import { SessionsFault } from '../../sessions/sessions-fault';

class HotRowLockSettings {
  @WholeNumber('Products whose rows stay locked: those with the lowest ids', { minimum: 1, maximum: 1_000 })
  readonly rows: number = 6;
}

// NO KEY lets foreign keys that point to the rows still be checked, so that orders go through.
const LOCK_ROWS = 'SELECT id FROM products WHERE id <= $1 ORDER BY id FOR NO KEY UPDATE';

/** One forgotten COMMIT: a session locks rows, and then does nothing. */
@Injectable()
export class HotRowLockFault extends SessionsFault<HotRowLockSettings> {
  readonly name = 'hot-row-lock';
  readonly title = 'Hot row lock';
  readonly kind = 'lock';
  readonly summary =
    'A session locks rows of products and does nothing more; every reservation of them waits';
  readonly settings = HotRowLockSettings;
  private locked = 0;

  protected async open({ rows }: HotRowLockSettings, group: SessionGroup): Promise<void> {
    const holder = await group.loginInTransaction('service', 'BEGIN');
    this.locked = (await holder.query(LOCK_ROWS, [rows])).rowCount ?? 0;
  }

  protected async measure({ rows }: HotRowLockSettings, group: SessionGroup): Promise<Measurement> {
    const { idle, oldest_ms: holding_ms } = await this.sessions.idleInTransaction(group.pids);
    const waiting = await this.sessions.waitingBehind(group.pids);
    const locked = idle > 0 ? this.locked : 0;
    const what = `${locked} rows locked for ${holding_ms} ms by session ${group.pids}, which is idle in transaction`;
    return {
      measured: { locked, holding_ms, waiting },
      effective: locked === rows,
      detail: `${what}; ${waiting} sessions wait for it`,
    };
  }
}

import { type ConnectionOwner, ControlConnection, connectionOwner } from '@app/database';
import { Injectable } from '@nestjs/common';

/** Keys of the advisory lock that makes sure of one holder at a time, among all services. */
const LOCK = [4_242, 95];

/**
 * The right to hold connections on purpose. An advisory lock on the control connection: PostgreSQL frees it when the
 * process that has it dies, however that happens.
 */
@Injectable()
export class HolderLock {
  private mine = false;

  constructor(private readonly control: ControlConnection) {
    control.on('down', () => {
      this.mine = false;
    });
  }

  /**
   * Takes the lock if nobody has it; true if this process has it now. One call at a time: PostgreSQL counts how often
   * a session has a lock, and frees it after as many releases.
   */
  async take(): Promise<boolean> {
    if (this.mine) return true;
    const [row] = await this.control.ask<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock($1, $2) AS taken',
      LOCK,
    );
    this.mine = row?.taken ?? false;
    return this.mine;
  }

  async giveUp(): Promise<void> {
    if (!this.mine) return;
    this.mine = false;
    await this.control.ask('SELECT pg_advisory_unlock($1, $2)', LOCK);
  }

  /** Service and process that have the lock; undefined if nobody has. */
  async owner(): Promise<ConnectionOwner | undefined> {
    const [row] = await this.control.ask<{ application_name: string }>(
      `SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
       WHERE l.locktype = 'advisory' AND l.classid = $1 AND l.objid = $2 AND l.granted`,
      LOCK,
    );
    return row && connectionOwner(row.application_name);
  }
}

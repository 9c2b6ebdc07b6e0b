import { createHash } from 'node:crypto';
import { Configuration } from '@app/configuration';
import { type ConnectionOwner, ControlConnection, connectionOwner, INSTANCE } from '@app/database';
import { Problem } from '@app/problem';
import { Injectable } from '@nestjs/common';

/** First key of the advisory locks that allow one holder at a time among all services; the second is the fault's. */
const HOLDERS = 4_242;

/**
 * The right to hold a fault of the database: an advisory lock on the control connection, which PostgreSQL releases when
 * the process that has it dies, however that happens.
 */
@Injectable()
export class HolderLocks {
  private readonly mine = new Set<string>();

  constructor(
    private readonly control: ControlConnection,
    private readonly configuration: Configuration,
  ) {
    control.on('down', () => this.mine.clear());
  }

  /**
   * Takes the lock if it is free; true if this process has it now. One call at a time: PostgreSQL counts how often a
   * session has taken a lock, and frees it after as many releases.
   */
  async take(fault: string): Promise<boolean> {
    if (this.mine.has(fault)) return true;
    const [row] = await this.control.ask<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock($1, $2) AS taken',
      keys(fault),
    );
    if (row?.taken) this.mine.add(fault);
    return row?.taken ?? false;
  }

  async giveUp(fault: string): Promise<void> {
    if (!this.mine.delete(fault)) return;
    await this.control.ask('SELECT pg_advisory_unlock($1, $2)', keys(fault));
  }

  /**
   * Chooses the process that holds the fault: this one, or the replica that already holds it.
   * @param what is held, for the sentence of a refusal
   * @throws Problem when another service holds it
   */
  async choose(fault: string, what: string): Promise<string> {
    let owner: ConnectionOwner | undefined;
    // The lock has no owner if it was released just now.
    while (!owner) {
      if (await this.take(fault)) return INSTANCE;
      owner = await this.owner(fault);
    }
    const { service, instance } = owner;
    if (service === this.configuration.SERVICE_NAME) return instance;
    throw new Problem('fault-held-elsewhere', `${service} holds ${what} already; reset it there first.`, {
      held_by: service,
    });
  }

  /** Service and process that have the lock; undefined if it is free. */
  private async owner(fault: string): Promise<ConnectionOwner | undefined> {
    const [row] = await this.control.ask<{ application_name: string }>(
      `SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
       WHERE l.locktype = 'advisory' AND l.classid = $1 AND l.objid = $2 AND l.granted`,
      keys(fault),
    );
    return row && connectionOwner(row.application_name);
  }
}

/** The two keys; the second is the same in every process, and differs from fault to fault. */
function keys(fault: string): [number, number] {
  return [HOLDERS, createHash('sha256').update(fault).digest().readUInt32BE() >>> 1];
}

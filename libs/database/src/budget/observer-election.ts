import type { ControlConnection } from './control-connection';

/** Class of the advisory locks: one for the observer, one for its deputy. The lock ends with the session. */
const OBSERVER_LOCKS = 4_243;
const OBSERVER = 0;
const DEPUTY = 1;

/**
 * Which process asks PostgreSQL for all of them. An observer that was killed loses its lock with its session. One that is
 * frozen or cut off keeps it: then a deputy takes over, until the observer is heard again.
 */
export class ObserverElection {
  /** 0 for the observer, 1 for its deputy; undefined for every other process. */
  rank?: number;

  constructor(private readonly control: ControlConnection) {
    control.on('down', () => {
      this.rank = undefined;
    });
  }

  /** Becomes the observer where there is none. */
  async standAsObserver(): Promise<void> {
    if (this.mayStand && (await this.lock(OBSERVER))) this.rank = OBSERVER;
  }

  /** After the observer was not heard in time: becomes the observer, or else its deputy. */
  async stand(): Promise<void> {
    if (!this.mayStand) return;
    const before = this.rank;
    if (await this.lock(OBSERVER)) {
      this.rank = OBSERVER;
      if (before === DEPUTY) await this.unlock(DEPUTY);
    } else if (before === undefined && (await this.lock(DEPUTY))) this.rank = DEPUTY;
  }

  /** One of a lower rank was heard. */
  async resign(): Promise<void> {
    const { rank } = this;
    this.rank = undefined;
    if (rank !== undefined) await this.unlock(rank).catch(() => undefined);
  }

  /** Behind a pooler that shares sessions, a lock would stay with a session that is somebody else's next. */
  private get mayStand(): boolean {
    return !this.control.pooled;
  }

  private async lock(rank: number): Promise<boolean> {
    const text = 'SELECT pg_try_advisory_lock($1, $2) AS locked';
    return (await this.control.ask<{ locked: boolean }>(text, [OBSERVER_LOCKS, rank]))[0]?.locked ?? false;
  }

  private async unlock(rank: number): Promise<void> {
    await this.control.ask('SELECT pg_advisory_unlock($1, $2)', [OBSERVER_LOCKS, rank]);
  }
}

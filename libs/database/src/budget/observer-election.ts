import type { ControlConnection } from './control-connection';

/** Class of the advisory locks: one for the observer, one for its deputy. The lock ends with the session. */
const OBSERVER_LOCKS = 4_243;
const OBSERVER = 0;
const DEPUTY = 1;

/**
 * Decides which process asks PostgreSQL on behalf of all. An observer that was killed loses its lock with its session.
 * One that is frozen or cut off keeps it; then a deputy takes over until the observer is heard from again.
 */
export class ObserverElection {
  /** 0 for the observer, 1 for its deputy; undefined for every other process. */
  rank?: number;

  constructor(private readonly control: ControlConnection) {
    control.on('down', () => {
      this.rank = undefined;
    });
  }

  /** Becomes the observer if there is none. */
  async standAsObserver(): Promise<void> {
    if (this.mayStand && (await this.lock(OBSERVER))) this.rank = OBSERVER;
  }

  /** To be called when the observer was not heard from in time: becomes the observer, or otherwise its deputy. */
  async stand(): Promise<void> {
    if (!this.mayStand) return;
    const before = this.rank;
    if (await this.lock(OBSERVER)) {
      this.rank = OBSERVER;
      if (before === DEPUTY) await this.unlock(DEPUTY);
    } else if (before === undefined && (await this.lock(DEPUTY))) this.rank = DEPUTY;
  }

  /** To be called when a process of a lower rank was heard from. */
  async resign(): Promise<void> {
    const { rank } = this;
    this.rank = undefined;
    if (rank !== undefined) await this.unlock(rank).catch(() => undefined);
  }

  /** Behind a pooler that shares sessions, the lock would stay with a session that is somebody else's next. */
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

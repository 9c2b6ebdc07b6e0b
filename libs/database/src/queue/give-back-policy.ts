/** Milliseconds a process may keep using a connection while another process waits for one. */
const TURN_MS = 200;
/**
 * Least milliseconds between two connections given back: a new connection costs about 10 ms of CPU, so giving
 * back all of them at once would be an outage of its own.
 */
const GIVE_BACK_EVERY_MS = 50;

/** What a decision about one connection rests on. */
export interface Situation {
  /** Milliseconds, any steady clock. */
  now: number;
  /** When the connection was opened, on the same clock. */
  openedAt: number;
  /** Requests that wait in this process. */
  waitingHere: number;
  /** Whether requests wait in another process. */
  waitingElsewhere: boolean;
  /** Whether the budget is nearly used up. */
  scarce: boolean;
}

/**
 * Decides, when a connection becomes free, whether to keep it or to give it back to PostgreSQL so that another
 * process can have the slot. No process can hand a connection to another; the server's limit is the only place
 * where they meet.
 */
export class GiveBackPolicy {
  private allUntil = 0;
  private lastGivenBack = Number.NEGATIVE_INFINITY;

  /** From now until `until`, every connection that becomes free is given back: somebody asked for many. */
  giveAllUntil(until: number): void {
    this.allUntil = until;
  }

  mustGiveBack(situation: Situation): boolean {
    const { now, openedAt, waitingHere, waitingElsewhere, scarce } = situation;
    if (now < this.allUntil) return true;
    // While slots are free, who waits elsewhere does not wait for this one.
    if (!scarce || now - this.lastGivenBack < GIVE_BACK_EVERY_MS) return false;
    const turnIsOver = waitingElsewhere && now - openedAt > TURN_MS;
    if (waitingHere > 0 && !turnIsOver) return false;
    this.lastGivenBack = now;
    return true;
  }
}

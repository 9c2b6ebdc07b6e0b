/** Retries that may be saved up for a short trouble. */
const MOST_SAVED = 10;

/**
 * Lets clients send again only a share of what they send: each first try puts that share of a retry aside, each retry
 * takes a whole one. When everything fails, everything is sent 1 + share times, and not 1 + retries times.
 */
export class RetryBudget {
  private saved = 0;

  firstTry(share: number): void {
    this.saved = Math.min(MOST_SAVED, this.saved + share);
  }

  /** @returns whether there is a retry left, which is then taken */
  take(): boolean {
    // What a sum of tenths lacks of a whole one is an error of the addition.
    if (this.saved < 1 - 1e-9) return false;
    this.saved -= 1;
    return true;
  }
}

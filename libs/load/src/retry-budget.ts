/** Retries that may be saved up for a short failure. */
const MOST_SAVED = 10;

/**
 * Lets clients repeat only a share of what they send: each first attempt saves that share of a retry, each retry costs
 * a whole one. If everything fails, everything is sent 1 + share times, and not 1 + retries times.
 */
export class RetryBudget {
  private saved = 0;

  firstTry(share: number): void {
    this.saved = Math.min(MOST_SAVED, this.saved + share);
  }

  /** @returns whether there is a retry left, which is then used */
  take(): boolean {
    // The tolerance makes up for rounding in a sum of tenths.
    if (this.saved < 1 - 1e-9) return false;
    this.saved -= 1;
    return true;
  }
}

/** How the users of a load choose products, wait, and repeat requests. */
export interface Behaviour {
  /**
   * Share of the arrivals that want the favourite product, 0 to 1; `zipf`: the n-th product is wanted 1/n times as
   * often.
   */
  hot: number | 'zipf';
  /** Milliseconds after which a user gives up on a request; undefined: when the load itself does, after 15 s. */
  giveUpMs?: number;
  /** How often a user repeats a request that failed. */
  retries: number;
  /** Milliseconds of the first pause before a request is repeated, doubled each time, with full jitter; 0: no pause. */
  backoffMs: number;
  /** Repeated requests for each arrival at most, as a share; undefined: no limit. */
  retryBudget?: number;
}

/** Users who want every product equally, wait, and do not repeat requests. */
export const PATIENT: Behaviour = { hot: 0, retries: 0, backoffMs: 0 };

/** How the users of a load choose, wait and insist. */
export interface Behaviour {
  /** Share of the arrivals that want the favourite product, 0 to 1; `zipf`: the n-th product is wanted 1/n times as often. */
  hot: number | 'zipf';
  /** Milliseconds after which a user gives a request up; undefined: as late as the load itself, after 15 s. */
  giveUpMs?: number;
  /** How often a user sends a request again that failed. */
  retries: number;
  /** Milliseconds of the first pause before a request is sent again, doubled each time, with full jitter; 0: at once. */
  backoffMs: number;
  /** Requests sent again for each arrival at most, as a share; undefined: no limit. */
  retryBudget?: number;
}

/** Users who want every product alike, wait, and do not insist. */
export const PATIENT: Behaviour = { hot: 0, retries: 0, backoffMs: 0 };

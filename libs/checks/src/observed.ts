/** What the services' own spans of the last minutes prove; those of other programs are left out. */
export interface Observed {
  /** `service operation table`, each once. */
  operations: string[];
  /** Number of database spans that were examined. */
  examined: number;
  /** Required attributes that at least one of them lacks. */
  missing: string[];
  /** How many of them have the pool's numbers. */
  with_pool_figures: number;
  /** The numbers of the latest one, such as `3 of 100`. */
  latest_pool: string;
}

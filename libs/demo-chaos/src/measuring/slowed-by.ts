import type { Condition } from '@app/database';

/** Whether PostgreSQL sleeps for the time of a delay, or computes. */
export type DelayMode = 'sleep' | 'work';

/** Each statement is delayed inside PostgreSQL: views of the same names as the tables, first in the search_path. */
export function slowedBy(delayMs: number, mode: DelayMode = 'sleep'): Condition {
  return {
    schema: 'slow',
    settings: { 'demo.delay_ms': String(delayMs), 'demo.delay_mode': mode },
    addedMs: delayMs,
    attributes: { 'db.simulation.slow_query_enabled': true, 'db.simulation.delay_ms': delayMs },
  };
}

import type { Condition } from '@app/database';

/** Whether PostgreSQL spends a delay sleeping or computing. */
export type DelayMode = 'sleep' | 'work';

/** Delays each statement inside PostgreSQL: views with the names of the tables come first in the search_path. */
export function slowedBy(delayMs: number, mode: DelayMode = 'sleep'): Condition {
  return {
    schema: 'slow',
    settings: { 'demo.delay_ms': String(delayMs), 'demo.delay_mode': mode },
    addedMs: delayMs,
    attributes: { 'db.simulation.slow_query_enabled': true, 'db.simulation.delay_ms': delayMs },
  };
}

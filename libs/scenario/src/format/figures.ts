/** Numbers of the present moment, for `until`: the latest observation, and the load of the last 3 seconds. */
export const FIGURES_OF_NOW: Record<string, string> = {
  open: 'connections of the budget that are open',
  active: 'of these, those at work',
  idle: 'of these, those that do nothing',
  held: 'of these, those that a fault holds',
  lock: 'of these, those that wait for a lock',
  waiting: 'requests that wait for a connection',
  faults: 'faults that are on',
  failed_per_second: 'journeys that failed, each second',
  served_percent: 'journeys that did not fail, in percent',
  tries_per_journey: 'requests sent for each journey',
  p50_ms: 'milliseconds that half of the journeys took at most; also `of` an operation',
  p95_ms: 'milliseconds that 95 % of the journeys took at most; also `of` an operation',
};

/** Numbers of a whole step, for `expect`. */
export const FIGURES_OF_STEP: Record<string, string> = {
  sent: 'journeys that began in it; also `of` an operation',
  failed: 'of these, those that failed; also `of` an operation',
  failed_percent: 'the same in percent; also `of` an operation',
  served_percent: 'those that did not fail, in percent; also `of` an operation',
  tries_per_journey: 'requests sent for each journey; also `of` an operation',
  p50_ms: 'milliseconds that half of them took at most; also `of` an operation',
  p95_ms: 'milliseconds that 95 % of them took at most; also `of` an operation',
  most_open: 'the most connections of the budget that were open',
  most_waiting: 'the most requests that waited for a connection',
  most_lock: 'the most sessions that waited for a lock',
};

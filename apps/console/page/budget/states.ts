import type { Slot } from '../../src/budget/budget-view';

/** The meaning of a square in words. */
export const STATES: Record<Slot['state'] | 'free', string> = {
  free: 'free',
  idle: 'idle',
  active: 'in use',
  held: 'held',
  lock: 'waits on lock',
  transaction: 'open transaction',
};

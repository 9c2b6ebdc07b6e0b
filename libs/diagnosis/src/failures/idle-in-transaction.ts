import type { Failure } from '../failure';
import { many, readable } from '../words';

/** Seconds. No transaction of a request takes that long. */
const LONG_S = 2.5;

export const IDLE_IN_TRANSACTION: Failure = {
  name: 'idle-in-transaction',
  advice:
    'Find the program that begins transactions and then does something else. Set ' +
    'idle_in_transaction_session_timeout, or transaction_timeout, for its role.',
  patience: 1,
  find(seen) {
    const { sessions, oldest, snapshots, application } = seen.sessions.longInTransaction;
    if (seen.comesAlong('idle-in-transaction') || sessions === 0 || oldest < LONG_S) return undefined;
    return {
      since: seen.at - oldest * 1_000,
      evidence: [
        `${many(sessions, 'session')} idle in transaction, most of ${application || 'a program without a name'}`,
        `the oldest transaction is ${readable(oldest)} s old`,
        `${readable(snapshots)} of them keep a snapshot: no row that died since can be cleaned up`,
      ],
      nextBest: { name: 'hot-row-lock', unless: 'nobody waits for these sessions' },
    };
  },
};

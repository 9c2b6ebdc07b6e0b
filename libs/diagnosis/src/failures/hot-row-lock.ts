import { blockerInWords } from '../blocker';
import type { Failure } from '../failure';
import { many, readable } from '../words';

/** Seconds. A transaction of that age is not just working. */
const LONG_S = 1;
/** Seconds. With a deadlock every second, some session always waits that long. */
const LONG_AMONG_DEADLOCKS_S = 4;

export const HOT_ROW_LOCK: Failure = {
  name: 'hot-row-lock',
  advice:
    'End the session at the root: pg_terminate_backend(pid). An idle_in_transaction_session_timeout on its role ends ' +
    'the next one by itself; keep transactions that change rows short.',
  patience: 1,
  find(seen) {
    const { waitRow, roots } = seen.sessions;
    const { deadlocks } = seen.server.rates;
    const [root] = roots;
    const longHolder = root && root.seconds > (deadlocks > 0.15 ? LONG_AMONG_DEADLOCKS_S : LONG_S);
    if (seen.comesAlong('hot-row-lock') || waitRow < 0.2 || !longHolder) return undefined;
    return {
      since: seen.at - root.seconds * 1_000,
      evidence: [
        `${many(waitRow, 'session')} on average wait for a row (Lock/transactionid, Lock/tuple)`,
        `at the root: ${blockerInWords(root)}`,
        `${readable(seen.errors('55P03', '57014', 'statement_limit', 'connection_lost', 'timeout'))} statements a second gave up waiting`,
      ],
      nextBest: { name: 'deadlocks', unless: `the server counts ${readable(deadlocks)} deadlocks a second` },
      explains: {
        operations: seen.operations.filter(({ now }) => now.operation !== 'SELECT').map(({ key }) => key),
        errors: ['55P03', '57014', 'statement_limit', 'connection_lost', 'timeout'],
        failures: ['idle-in-transaction', 'network-half-open', 'slow-commit'],
      },
    };
  },
};

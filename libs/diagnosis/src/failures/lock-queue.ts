import { blockerInWords } from '../blocker';
import type { Failure } from '../failure';
import { many, readable } from '../words';

export const LOCK_QUEUE: Failure = {
  name: 'lock-queue',
  advice:
    'End the session at the root, or the change that waits behind it: pg_terminate_backend(pid). ' +
    'Let migrations run with a lock_timeout of some 100 ms, and try again.',
  patience: 1,
  find(seen) {
    const { waitTable, waitRow, exclusive, roots } = seen.sessions;
    if (waitTable < 0.4 || waitTable < waitRow) return undefined;
    const [root] = roots;
    return {
      since: root && seen.at - root.seconds * 1_000,
      evidence: [
        `${many(waitTable, 'session')} on average wait for Lock/relation`,
        exclusive
          ? `pid ${exclusive.pid} waits for ${exclusive.mode} on ${exclusive.relation}, everybody else behind it`
          : 'the lock that they wait for is granted already',
        root ? `at the root: ${blockerInWords(root)}` : 'whoever is at the root changes from look to look',
      ],
      nextBest: {
        name: 'hot-row-lock',
        unless: `more sessions wait for a table (${readable(waitTable)}) than for a row (${readable(waitRow)})`,
      },
      explains: {
        operations: 'all',
        pools: 'all',
        errors: ['55P03', 'connection_lost', 'pool_timeout', 'query_timeout', 'timeout', '57014'],
        failures: [
          'hot-row-lock',
          'network-half-open',
          'pool-too-small',
          'idle-in-transaction',
          'connection-storm',
          'transaction-across-call',
        ],
      },
    };
  },
};

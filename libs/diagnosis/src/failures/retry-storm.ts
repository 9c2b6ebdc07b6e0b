import type { Failure } from '../failure';
import { sum } from '../features/arithmetic';
import { readable } from '../words';

export const RETRY_STORM: Failure = {
  name: 'retry-storm',
  advice:
    'Let clients retry only a small share of their requests (a retry budget of 10 %), with a pause in between. Until ' +
    'then, fewer requests are the only cure: refuse some, or stop the retries.',
  patience: 2,
  find(seen) {
    const { now, before, gone } = seen.requests;
    const more = before !== undefined && now > 1.5 * before;
    if (gone < 1 || gone < 0.2 * now || (before !== undefined && !more)) return undefined;
    const pending = sum(seen.allPools.map((pool) => pool.pending));
    return {
      evidence: [
        `${readable(now)} requests a second${before === undefined ? '' : `, at rest ${readable(before)}`}`,
        `${readable(gone)} of them a second are given up by their caller before the answer`,
        `${readable(pending)} requests wait for a connection on average`,
      ],
      nextBest: {
        name: 'pool-too-small',
        unless: 'the requests are more than before, and callers give them up',
      },
      explains: {
        pools: 'all',
        operations: 'all',
        errors: ['caller_gone', 'pool_timeout', 'queue_full', 'connection_lost', 'timeout'],
        failures: ['pool-too-small', 'network-half-open', 'connection-storm', 'slow-queries'],
      },
    };
  },
};

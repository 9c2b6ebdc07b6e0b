import type { Failure } from '../failure';
import { milliseconds, readable } from '../words';

export const POOL_TOO_SMALL: Failure = {
  name: 'pool-too-small',
  advice:
    'Raise the maximum of that pool (DB_POOL_MAX) to requests a second × seconds that each holds a connection, with ' +
    'room for peaks; or make the statements faster.',
  patience: 2,
  find(seen) {
    if (seen.comesAlong('pool-too-small')) return undefined;
    const pool = seen.pools.find(
      ({ pending, usedMax, used, max }) =>
        pending > 0.5 && max < seen.budget && usedMax >= max && used > 0.7 * max,
    );
    if (!pool || !seen.hasRoom) return undefined;
    const needed = (pool.taken * pool.useMean) / 1_000;
    return {
      evidence: [
        `${readable(pool.pending)} requests of ${pool.service} wait on average, up to ${milliseconds(pool.waitP99)}`,
        `${readable(pool.used)} of the ${pool.max} connections that its own pool allows are in use`,
        `${seen.sessions.own} of ${seen.budget} connections of the budget are open; ${readable(needed)} are at work for those who got one`,
      ],
      nextBest: {
        name: 'pool-exhaustion',
        unless: `only ${seen.sessions.own} of ${seen.budget} connections of the budget are open`,
      },
      explains: {
        pools: [pool.service],
        // The operations of a service whose pool is too small may also be slow, but that alone is not why requests wait.
        operations: seen.operations.filter(({ now }) => now.service === pool.service).map(({ key }) => key),
        errors: ['pool_timeout', 'queue_full'],
        failures: ['network-half-open'],
      },
    };
  },
};

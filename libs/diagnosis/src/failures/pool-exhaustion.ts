import type { Failure } from '../failure';
import { sum } from '../features/arithmetic';
import { keptConnections } from '../kept';
import { readable } from '../words';

export const POOL_EXHAUSTION: Failure = {
  name: 'pool-exhaustion',
  advice:
    'Give back what is kept without use: restart or reset its holder, or pg_terminate_backend its idle sessions. A limit ' +
    'on each pool (DB_POOL_MAX) keeps one service from starving the others.',
  patience: 2,
  find(seen) {
    const kept = keptConnections(seen);
    if (seen.comesAlong('pool-exhaustion') || !kept || kept.oneByOne) return undefined;
    const { own } = seen.sessions;
    const pending = sum(seen.allPools.map((pool) => pool.pending));
    return {
      evidence: [
        `${readable(kept.connections)} connections, most of ${kept.by}, are idle for the server and in no pool`,
        `they were taken at once, most within ${readable(kept.spread)} s`,
        `${own} of ${seen.budget} connections of the budget are open, ${readable(pending)} requests wait on average`,
      ],
      nextBest: {
        name: 'connection-leak',
        unless: `they were taken within ${readable(kept.spread)} s, all at once`,
      },
      explains: {
        pools: 'all',
        errors: ['pool_timeout', 'queue_full'],
        failures: ['network-half-open', 'pool-too-small'],
      },
    };
  },
};

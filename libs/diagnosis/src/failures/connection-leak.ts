import type { Failure } from '../failure';
import { keptConnections } from '../kept';
import { readable } from '../words';

export const CONNECTION_LEAK: Failure = {
  name: 'connection-leak',
  advice:
    'Find the path through the code that skips the release, by the trace of the request that took the connection. An ' +
    'idle_session_timeout on the role ends lost connections until then (57P05 in the log).',
  patience: 2,
  find(seen) {
    const kept = keptConnections(seen);
    if (seen.comesAlong('connection-leak') || !kept?.oneByOne) return undefined;
    const { own } = seen.sessions;
    const pool = seen.allPools.find(({ service }) => service === kept.by);
    return {
      evidence: [
        `${readable(kept.connections)} connections, most of ${kept.by}, are idle for the server and in no pool`,
        `they fell silent one after the other, ${readable(kept.perSecond)} a second over ${readable(kept.spread)} s`,
        `${own} of ${seen.budget} connections of the budget are open${pool ? `, ${readable(pool.used)} in use by its own account` : ''}`,
      ],
      nextBest: {
        name: 'pool-exhaustion',
        unless: `they were taken over ${readable(kept.spread)} s and not at once`,
      },
      explains: {
        pools: 'all',
        errors: ['pool_timeout', 'queue_full'],
        failures: ['pool-exhaustion', 'network-half-open', 'pool-too-small'],
      },
    };
  },
};

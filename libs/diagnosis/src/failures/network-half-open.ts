import type { Failure } from '../failure';
import { sum } from '../features/arithmetic';
import { total } from '../features/sessions';
import { milliseconds, readable } from '../words';

export const NETWORK_HALF_OPEN: Failure = {
  name: 'network-half-open',
  advice:
    'Look at what is between the services and the server: a firewall or balancer that forgot connections. Keepalives and ' +
    'short timeouts find them; the pool opens new ones.',
  patience: 2,
  find(seen) {
    if (seen.comesAlong('network-half-open') || !seen.hasRoom) return undefined;
    const { ownActive } = seen.sessions;
    const lost = seen.errors('statement_limit', 'connection_lost', 'timeout');
    const used = sum(seen.allPools.map((pool) => pool.used));
    const pending = sum(seen.pools.map((pool) => pool.pending));
    const waited = Math.max(0, ...seen.pools.map((pool) => pool.waitP99));
    // The services consider them in use, but to the server they have nothing to do.
    const unheard = used - ownActive - total(seen.sessions.inTransaction);
    const unanswered = lost > 0.08 && ownActive < 2;
    // Before the first of them are given up, nothing is answered any more, and no session blocks another.
    const fewAnswered = (seen.answeredShare ?? 1) < 0.4;
    const stuck = pending > 0.3 && waited > 400 && unheard > 0.7 && ownActive < 1 && fewAnswered;
    // New connections find no answer either, while the observer has one from the same server.
    const unreachable = seen.errors('unreachable');
    const shutOut = unreachable > 0.3 && ownActive < 1 && fewAnswered;
    if (!unanswered && !stuck && !shutOut) return undefined;
    return {
      evidence: [
        `${readable(lost + unreachable)} statements a second got no answer; ${readable(pending)} requests wait for a connection, up to ${milliseconds(waited)}`,
        `the server sees ${readable(ownActive)} of the services' sessions at work, the services count ${readable(used)} in use`,
        `${seen.sessions.own} of ${seen.budget} connections of the budget are open: there is room`,
      ],
      nextBest: {
        name: 'pool-too-small',
        unless: 'the connections in use are fewer than the pools allow, and the server does nothing for them',
      },
      explains: {
        operations: 'all',
        pools: 'all',
        errors: ['statement_limit', 'connection_lost', 'unreachable', 'pool_timeout', 'timeout'],
      },
    };
  },
};

import type { Failure } from '../failure';
import { many, readable } from '../words';

export const SERVER_CONNECTIONS_FULL: Failure = {
  name: 'server-connections-full',
  advice:
    'Limit the role that fills the server: ALTER ROLE … CONNECTION LIMIT n. The budget of the services is of no use ' +
    'while the server has no slot for it.',
  patience: 2,
  find(seen) {
    const { total, own, strangers } = seen.sessions;
    const { maxConnections, reserved } = seen.server;
    if (maxConnections === 0 || total < 0.9 * (maxConnections - reserved) || own > 0.5 * seen.budget)
      return undefined;
    const [most] = strangers;
    return {
      evidence: [
        `${total} of ${maxConnections} connections of the server are open, ${reserved} of these reserved`,
        most
          ? `${many(most.sessions, 'connection')} are of ${most.role}${most.application ? ` (${most.application})` : ''}`
          : 'no other role has many of them',
        `the services have ${own} of their ${seen.budget}; ${readable(seen.errors('pool_timeout', 'unreachable'))} statements a second get none`,
      ],
      nextBest: {
        name: 'pool-exhaustion',
        unless: `the services have only ${own} of their ${seen.budget} connections`,
      },
      explains: {
        pools: 'all',
        errors: ['pool_timeout', 'unreachable', '53300', 'queue_full'],
        failures: ['network-half-open', 'connection-storm', 'pool-too-small'],
      },
    };
  },
};

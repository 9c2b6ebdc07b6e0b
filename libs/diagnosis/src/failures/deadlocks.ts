import type { Failure } from '../failure';
import { many, readable } from '../words';

export const DEADLOCKS: Failure = {
  name: 'deadlocks',
  advice:
    'Change rows in the same order everywhere, by id for example. Until then: try again after 40P01, ' +
    'with the whole transaction.',
  patience: 1,
  find(seen) {
    const { deadlocks, rollbacks } = seen.server.rates;
    const { inCircle, waitRow } = seen.sessions;
    if (deadlocks < 0.15 && inCircle < 0.5) return undefined;
    return {
      evidence: [
        `${readable(deadlocks)} deadlocks a second (pg_stat_database.deadlocks)`,
        `${many(inCircle, 'session')} on average wait in a circle, ${readable(waitRow)} for a row at all`,
        `${readable(rollbacks)} transactions a second rolled back, ${readable(seen.errors('40P01'))} of them statements of the services (40P01)`,
      ],
      nextBest: { name: 'hot-row-lock', unless: 'the server counts deadlocks' },
      explains: {
        operations: seen.operations.filter(({ now }) => now.operation === 'UPDATE').map(({ key }) => key),
        errors: ['40P01', '55P03', '57014', 'statement_limit', 'connection_lost', 'timeout'],
        failures: ['network-half-open'],
      },
    };
  },
};

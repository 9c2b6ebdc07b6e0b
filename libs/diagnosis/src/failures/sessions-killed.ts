import type { Failure } from '../failure';
import { sum } from '../features/arithmetic';
import { readable } from '../words';

export const SESSIONS_KILLED: Failure = {
  name: 'sessions-killed',
  advice:
    'Find who calls pg_terminate_backend, or which failover ends sessions. In the services: try once more after 57P01 ' +
    'where the statement may run twice.',
  patience: 1,
  find(seen) {
    const killed = seen.server.rates.sessions_killed;
    const errors = seen.errors('57P01');
    if (seen.comesAlong('sessions-killed') || (killed < 0.2 && errors < 0.2)) return undefined;
    return {
      evidence: [
        `${readable(killed)} sessions a second ended by an administrator (pg_stat_database.sessions_killed)`,
        `${readable(errors)} statements a second failed with 57P01`,
        `${readable(sum(seen.allPools.map(({ created }) => created)))} connections a second opened again by the pools`,
      ],
      nextBest: { name: 'server-restart', unless: 'pg_postmaster_start_time() is as before' },
      explains: {
        errors: ['57P01', 'connection_lost'],
        failures: ['connection-storm', 'network-half-open'],
      },
    };
  },
};

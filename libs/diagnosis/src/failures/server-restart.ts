import type { Failure } from '../failure';
import { total } from '../features/sessions';
import { figure, milliseconds } from '../words';

/** Refused, going down, starting up, gone in the middle of a look. */
const AWAY = /^(ECONNREFUSED|ECONNRESET|EPIPE|57P0[123]|08006)$/;
/** A start is told for so long. */
const RECENT_MS = 8_000;

export const SERVER_RESTART: Failure = {
  name: 'server-restart',
  advice:
    'Nothing to mend in the services: requests wait in the queue while the server is away, up to DB_ACQUIRE_TIMEOUT_MS. ' +
    'Find out who restarted it, or what ended it, in the log of PostgreSQL.',
  patience: 1,
  find(seen) {
    const { startedAt, troubles } = seen.server;
    const away = total(Object.fromEntries(Object.entries(troubles).filter(([code]) => AWAY.test(code))));
    const ago = seen.at - startedAt;
    const before = seen.restServer?.startedAt;
    // A server that was never seen before may have started for the first time.
    const again = before ? startedAt - before > 500 : away > 0;
    const recent = again && startedAt > 0 && ago < RECENT_MS;
    if (!recent && away < 2) return undefined;
    return {
      since: recent ? startedAt : undefined,
      evidence: [
        recent
          ? `pg_postmaster_start_time() is ${milliseconds(ago)} ago`
          : `${figure(away)} looks in ${figure(seen.seconds)} s found no server (${Object.keys(troubles).join(', ')})`,
        before && startedAt - before > 500
          ? `before, it was ${milliseconds(startedAt - before)} earlier`
          : `${figure(total(troubles))} of the looks got no answer at all`,
        `${figure(seen.errors('unreachable', 'connection_lost'))} statements a second found no server`,
      ],
      nextBest: { name: 'sessions-killed', unless: 'the server itself was started anew' },
      explains: {
        operations: 'all',
        pools: 'all',
        errors: ['unreachable', 'connection_lost', 'pool_timeout', '57P01', '57P02', '57P03', 'queue_full'],
        failures: [
          'sessions-killed',
          'network-half-open',
          'connection-storm',
          'pool-too-small',
          'network-latency',
        ],
      },
    };
  },
};

import type { Failure } from '../failure';
import { total } from '../features/sessions';
import { milliseconds, readable } from '../words';

/** The server refuses, goes down, starts up, or disappears in the middle of a poll. */
const AWAY = /^(ECONNREFUSED|ECONNRESET|EPIPE|57P0[123]|08006)$/;
/** Milliseconds for which a start is reported. */
const RECENT_MS = 8_000;

export const SERVER_RESTART: Failure = {
  name: 'server-restart',
  advice:
    'Nothing to fix in the services: requests wait in the queue while the server is away, up to DB_ACQUIRE_TIMEOUT_MS. ' +
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
          : `${readable(away)} looks in ${readable(seen.seconds)} s found no server (${Object.keys(troubles).join(', ')})`,
        before && startedAt - before > 500
          ? `before, it was ${milliseconds(startedAt - before)} earlier`
          : `${readable(total(troubles))} of the looks got no answer at all`,
        `${readable(seen.errors('unreachable', 'connection_lost'))} statements a second found no server`,
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

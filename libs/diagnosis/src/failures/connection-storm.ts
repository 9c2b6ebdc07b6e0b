import type { Failure } from '../failure';
import { sum } from '../features/arithmetic';
import { readable } from '../words';

export const CONNECTION_STORM: Failure = {
  name: 'connection-storm',
  advice:
    'Let the program that connects for each statement use a pool, or put PgBouncer in front of the server: each ' +
    'connection costs it a new process.',
  patience: 2,
  find(seen) {
    if (seen.comesAlong('connection-storm')) return undefined;
    const opened = seen.server.rates.sessions;
    const byPools = sum(seen.allPools.map(({ created }) => created));
    const before = seen.restServer?.rates.sessions ?? 0;
    if (opened < 8 || opened < 3 * before || byPools > opened / 2) return undefined;
    return {
      evidence: [
        `${readable(opened)} sessions a second are opened (pg_stat_database.sessions)${seen.hasRest ? `, at rest ${readable(before)}` : ''}`,
        `the pools of the services open ${readable(byPools)} of them`,
        `${seen.sessions.own} connections of the role are open: they do not stay`,
      ],
      nextBest: {
        name: 'sessions-killed',
        unless: `${readable(seen.server.rates.sessions_killed)} sessions a second are killed`,
      },
    };
  },
};

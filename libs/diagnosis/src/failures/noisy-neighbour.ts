import type { Failure } from '../failure';
import { many, readable } from '../words';

export const NOISY_NEIGHBOUR: Failure = {
  name: 'noisy-neighbour',
  advice:
    'Give the other role limits of its own (connections, statement_timeout) or a replica of its own. A timeout bounds a ' +
    'query, not one that is sent again and again.',
  patience: 2,
  find(seen) {
    const { strangersActive, strangers, waits } = seen.sessions;
    if (seen.comesAlong('noisy-neighbour') || strangersActive < 0.5) return undefined;
    const [most] = strangers;
    return {
      evidence: [
        `${many(strangersActive, 'session')} of other roles at work on average${most ? `, most of ${most.role}${most.application ? ` (${most.application})` : ''}` : ''}`,
        `${readable(waits.CPU ?? 0)} active sessions wait for nothing: they compute`,
        `${readable(seen.server.rates.temp_bytes / 1e6)} MB a second are written to temporary files`,
      ],
      nextBest: { name: 'slow-queries', unless: 'the sessions at work are of another role' },
      explains: {
        operations: seen.operations
          .filter(({ slowerInServer, now }) => slowerInServer && now.p50 < 100)
          .map(({ key }) => key),
      },
    };
  },
};

import type { Failure } from '../failure';
import { list, milliseconds, readable } from '../words';

export const SLOW_QUERIES: Failure = {
  name: 'slow-queries',
  advice:
    'Look at what the server does in that time: the wait event of the active sessions, and EXPLAIN (ANALYZE, BUFFERS) of ' +
    'the statement.',
  patience: 2,
  find(seen) {
    const slow = seen.operations
      .filter(({ slowerInServer }) => slowerInServer)
      .sort((a, b) => b.now.mean - a.now.mean);
    const [worst] = slow;
    if (!worst) return undefined;
    const wait = Object.entries(seen.sessions.waits)
      .filter(([name]) => !name.startsWith('Lock/'))
      .sort(([, a], [, b]) => b - a)[0];
    return {
      evidence: [
        `${list(slow.map(({ key }) => key))}: ${milliseconds(worst.now.mean)}${worst.before ? `, at rest ${milliseconds(worst.before.mean)}` : ''}`,
        `the server itself needs ${milliseconds(worst.server?.mean ?? 0)} for it, at rest ${milliseconds(worst.serverBefore?.mean ?? 0)}`,
        wait
          ? `${readable(wait[1])} active sessions on average wait for ${wait[0]}`
          : 'no session is active for long',
      ],
      nextBest: {
        name: 'missing-index',
        unless: `a call reads ${readable(worst.server?.blocks ?? 0)} pages, at rest ${readable(worst.serverBefore?.blocks ?? 0)}`,
      },
      explains: { operations: slow.map(({ key }) => key), failures: ['slow-commit'] },
    };
  },
};

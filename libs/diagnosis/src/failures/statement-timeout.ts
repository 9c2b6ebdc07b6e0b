import type { Failure } from '../failure';
import { list, milliseconds, readable } from '../words';

export const STATEMENT_TIMEOUT: Failure = {
  name: 'statement-timeout',
  advice:
    'Look at why the statement takes so long (EXPLAIN), or give it a statement_timeout that fits: the server cancels it ' +
    'after the same time again and again.',
  patience: 1,
  find(seen) {
    const cancelled = seen.errors('57014');
    if (cancelled < 0.2) return undefined;
    const hit = seen.allOperations.filter(({ now }) => (now.errors['57014'] ?? 0) > 0);
    const rest = hit[0]?.before;
    return {
      evidence: [
        `${readable(cancelled)} statements a second cancelled by the server (57014)`,
        `they are ${list(hit.map(({ key }) => key)) || 'of operations that are called seldom'}`,
        hit[0]
          ? `half of these end after ${milliseconds(hit[0].now.p50)}${rest ? `, at rest after ${milliseconds(rest.p50)}` : ''}`
          : 'nothing is known of their duration',
      ],
      nextBest: { name: 'slow-queries', unless: 'the statements end with an error' },
      explains: { operations: hit.map(({ key }) => key), errors: ['57014'] },
    };
  },
};

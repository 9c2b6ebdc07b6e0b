import type { Failure } from '../failure';
import { milliseconds, readable } from '../words';

export const N_PLUS_ONE: Failure = {
  name: 'n-plus-one',
  advice:
    'Fetch the rows with one statement: JOIN, or = ANY of all ids. The trace of a slow request shows which statement ' +
    'comes again and again.',
  patience: 2,
  find(seen) {
    const { now, before } = seen.statementsPerRequest;
    const { now: requests, before: requestsBefore } = seen.requests;
    if (before === undefined || requests < 1 || now < 1.8 * Math.max(1, before)) return undefined;
    const [most] = seen.allOperations.toSorted((a, b) => b.now.count - a.now.count);
    return {
      evidence: [
        `${readable(now)} statements for each request, at rest ${readable(before)}`,
        `${readable(requests)} requests a second, at rest ${readable(requestsBefore ?? 0)}`,
        most
          ? `most are ${most.key}, ${milliseconds(most.now.mean)} each`
          : 'no operation has enough calls to be told',
      ],
      nextBest: { name: 'retry-storm', unless: 'the requests are as many as before' },
    };
  },
};

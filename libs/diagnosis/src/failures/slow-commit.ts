import type { Failure } from '../failure';
import { highest } from '../features/arithmetic';
import { list, milliseconds } from '../words';

/** Half of the calls take so many times as long as at rest, and so many milliseconds more. */
const LONGER_RATIO = 2.5;
const LONGER_MS = 8;

export const SLOW_COMMIT: Failure = {
  name: 'slow-commit',
  advice:
    'Look at the disk of the write-ahead log and at synchronous replicas. Commit several changes at once; ' +
    'synchronous_commit = off for what may be lost.',
  patience: 3,
  find(seen) {
    if (seen.comesAlong('slow-commit')) return undefined;
    const writes = seen.operations.filter(({ now }) => now.operation !== 'SELECT');
    const reads = seen.operations.filter(({ now }) => now.operation === 'SELECT');
    // Several commits share one flush, so that some calls are quick: half of all show how long it takes.
    const slow = writes.filter(
      ({ now, before, slower, slowerInServer }) =>
        slower && !slowerInServer && now.p50 > LONGER_MS + LONGER_RATIO * (before?.p50 ?? 4),
    );
    if (writes.length === 0 || slow.length < writes.length || reads.some(({ slower }) => slower))
      return undefined;
    const [worst] = slow.toSorted((a, b) => b.now.mean - a.now.mean);
    return {
      evidence: [
        `${list(slow.map(({ key }) => key))}: half of the calls take ${milliseconds(worst?.now.p50 ?? 0)} or more, at rest ${milliseconds(worst?.before?.p50 ?? 0)}`,
        `the server executes them in ${milliseconds(worst?.server?.mean ?? 0)}: the time is after the execution`,
        `reads take ${milliseconds(highest(reads.map(({ now }) => now.p50)))} as before`,
      ],
      nextBest: { name: 'network-latency', unless: 'reads are as fast as before' },
      explains: { operations: slow.map(({ key }) => key) },
    };
  },
};

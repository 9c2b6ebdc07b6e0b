import type { Failure } from '../failure';
import { highest } from '../features/arithmetic';
import { list, milliseconds } from '../words';

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
    const slow = writes.filter(
      // Hardly any call is quick; the quickest share the rest of another commit's wait, so half of all show its length.
      ({ now, before, slower, slowerInServer }) =>
        slower &&
        !slowerInServer &&
        now.floor > 4 * Math.max(1, before?.floor ?? 0) &&
        now.p50 > 2.5 * (before?.p50 ?? 4),
    );
    if (writes.length === 0 || slow.length < writes.length || reads.some(({ slower }) => slower))
      return undefined;
    const [worst] = slow.toSorted((a, b) => b.now.mean - a.now.mean);
    return {
      evidence: [
        `${list(slow.map(({ key }) => key))}: hardly a call within ${milliseconds(worst?.now.floor ?? 0)}`,
        `the server executes them in ${milliseconds(worst?.server?.mean ?? 0)}: the time is after the execution`,
        `reads take ${milliseconds(highest(reads.map(({ now }) => now.p50)))} as before`,
      ],
      nextBest: { name: 'network-latency', unless: 'reads are as fast as before' },
      explains: { operations: slow.map(({ key }) => key) },
    };
  },
};

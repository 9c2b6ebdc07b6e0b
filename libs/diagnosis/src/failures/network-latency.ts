import type { Case } from '../case';
import type { Failure } from '../failure';
import { mean } from '../features/arithmetic';
import { milliseconds, readable } from '../words';

/** Milliseconds that the services wait for an answer beyond the time that the server needs for it. */
const FAR_MS = 4;
const FEWEST_OPERATIONS = 3;

export const NETWORK_LATENCY: Failure = {
  name: 'network-latency',
  advice:
    'Bring services and database nearer to each other, or send fewer statements for each request: every round trip ' +
    'costs the same, whatever the statement does.',
  patience: 2,
  find(seen) {
    if (seen.comesAlong('network-latency')) return undefined;
    const operations = seen.operations;
    if (operations.length < FEWEST_OPERATIONS) return undefined;
    // Hardly any call was faster than this, of any operation, and the server is not the reason.
    const floor = Math.min(...operations.map(({ now }) => now.floor));
    const inServer = mean(operations.map(({ server }) => server?.mean ?? 0));
    const fastest = Math.min(...operations.map(({ server }) => server?.mean ?? 0));
    const floorBefore = Math.min(...operations.map(({ before }) => before?.floor ?? 0));
    if (floor < FAR_MS || fastest > floor / 2 || floor < 2 * floorBefore) return undefined;
    // The network adds the same to each operation; a busy machine adds more to one than to another, so that they differ.
    const alike =
      isFlat(operations.map(({ now }) => now.p50)) ||
      isFlat(operations.map(({ now, server }) => now.mean - (server?.mean ?? 0)));
    if (!alike || isNear(seen.roundTrip, floor)) return undefined;
    const created = mean(
      seen.allPools.filter(({ createMean }) => createMean > 0).map(({ createMean }) => createMean),
    );
    return {
      evidence: [
        `of all ${operations.length} operations hardly a call was answered within ${milliseconds(floor)}${seen.hasRest ? `, at rest within ${milliseconds(floorBefore)}` : ''}`,
        `the server needs ${milliseconds(inServer)} for a statement on average`,
        created > 0
          ? `to open a connection takes ${milliseconds(created)}`
          : `half of all calls take ${readable(Math.min(...operations.map(({ now }) => now.p50)))} ms or more`,
      ],
      nextBest: { name: 'slow-queries', unless: `the server itself needs only ${milliseconds(inServer)}` },
      explains: { operations: 'all', pools: 'all', failures: ['slow-commit', 'network-half-open'] },
    };
  },
};

function isFlat(times: readonly number[]): boolean {
  return Math.max(...times) < 1.6 * Math.min(...times);
}

/** Whether the observer should be as slow as the services, and is only by chance: then the machine is busy. */
function isNear({ median, quickest }: Case['roundTrip'], floor: number): boolean {
  const sameWay = quickest > floor / 2;
  return median > floor / 3 && !sameWay;
}

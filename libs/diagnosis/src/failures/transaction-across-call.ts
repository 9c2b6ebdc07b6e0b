import type { Failure } from '../failure';
import { milliseconds, readable } from '../words';

/** Milliseconds that a request keeps a connection without using it. */
const UNUSED_MS = 20;
/** A session at the root of waiting ones is one of these transactions up to so many times as old as they become. */
const BLOCKS_FOR_HOLDS = 3;

export const TRANSACTION_ACROSS_CALL: Failure = {
  name: 'transaction-across-call',
  advice:
    'Do not wait for another service inside a transaction: ask first, then begin, or commit before asking. Connections ' +
    'needed = requests a second × seconds that each holds one.',
  patience: 2,
  find(seen) {
    if (seen.comesAlong('transaction-across-call')) return undefined;
    const [worst] = seen.pools
      .map((pool) => ({ pool, unused: pool.useMean - pool.statementMs }))
      .filter(({ pool, unused }) => {
        const waiting = seen.sessions.inTransaction[pool.service] ?? 0;
        return unused > UNUSED_MS && unused > 2 * pool.statementMs && waiting > 0.3;
      })
      .sort((a, b) => b.unused - a.unused);
    if (!worst) return undefined;
    const { pool, unused } = worst;
    const [root] = seen.sessions.roots;
    // One that is much older than these transactions is none of them.
    const blocksRows = !root || root.seconds * 1_000 < BLOCKS_FOR_HOLDS * pool.useMean;
    const idle = seen.sessions.inTransaction[pool.service] ?? 0;
    return {
      evidence: [
        `${pool.service} keeps a connection for ${milliseconds(pool.useMean)} and runs statements for ${milliseconds(pool.statementMs)} of it`,
        `${readable(idle)} of its sessions on average are idle in transaction (pg_stat_activity)`,
        `${readable(pool.taken)} requests a second × ${milliseconds(pool.useMean)} need ${readable((pool.taken * pool.useMean) / 1_000)} connections, ${readable(pool.used)} are in use`,
      ],
      nextBest: {
        name: 'slow-queries',
        unless: `${milliseconds(unused)} of the time in which a connection is kept have no statement`,
      },
      explains: {
        // Meanwhile the open transactions keep their rows locked, and changes of the same rows wait for each other.
        operations: seen.operations
          .filter(({ key, now }) => key.startsWith(`${pool.service} `) && now.operation !== 'SELECT')
          .map(({ key }) => key),
        pools: [pool.service],
        errors: ['pool_timeout', 'queue_full'],
        failures: [
          ...(blocksRows ? (['hot-row-lock'] as const) : []),
          'pool-exhaustion',
          'connection-leak',
          'idle-in-transaction',
          'pool-too-small',
          'network-half-open',
        ],
      },
    };
  },
};

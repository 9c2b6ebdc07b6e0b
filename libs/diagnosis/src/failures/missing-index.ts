import { type Case, SLOWER_RATIO } from '../case';
import type { Failure } from '../failure';
import type { StatementStats } from '../features/server';
import { milliseconds, readable } from '../words';

const MORE_PAGES = 50;
/** A page costs microseconds from memory, and less than this from a slow disk: more time means something else. */
const MOST_MS_A_PAGE = 0.5;
/** Rows of a scanned page; in the trials they were more than 100. */
const LEAST_ROWS_A_PAGE = 10;

export const MISSING_INDEX: Failure = {
  name: 'missing-index',
  advice:
    'EXPLAIN the statement: it reads the whole table. Make the index, or bring back the plan that used it ' +
    '(ANALYZE, the statement as it was).',
  patience: 2,
  find(seen) {
    const [worst] = seen.operations
      .flatMap(({ key, now, server, serverBefore }) =>
        server && serverBefore && readsMore(server, serverBefore) ? [{ key, now, server, serverBefore }] : [],
      )
      .filter(({ server, serverBefore }) => !isSlowerAnyway(seen, server.mean - serverBefore.mean))
      .filter(({ now, server, serverBefore }) => areScanned(seen, now.table, server, serverBefore))
      .sort((a, b) => b.server.blocks - a.server.blocks);
    if (!worst) return undefined;
    const { key, server, serverBefore } = worst;
    const scanned = seen.server.scannedRows[worst.now.table] ?? 0;
    return {
      evidence: [
        `${key} reads ${readable(server.blocks)} pages for each call, at rest ${readable(serverBefore.blocks)}`,
        `it takes the server ${milliseconds(server.mean)}, at rest ${milliseconds(serverBefore.mean)}`,
        `${readable(scanned)} rows of ${worst.now.table} a second are read by sequential scans`,
      ],
      nextBest: {
        name: 'slow-queries',
        unless: `it reads ${readable(server.blocks / serverBefore.blocks)} times as many pages`,
      },
      explains: { operations: [key], failures: ['noisy-neighbour'] },
    };
  },
};

function readsMore(now: StatementStats, before: StatementStats): boolean {
  return (
    now.blocks > 3 * before.blocks &&
    now.blocks - before.blocks > MORE_PAGES &&
    // A table that grows from ten rows to thousands has more pages too, but its statements cost no more.
    now.mean > SLOWER_RATIO * before.mean &&
    now.mean - before.mean < (now.blocks - before.blocks) * MOST_MS_A_PAGE
  );
}

/** Whether the added pages are those of a table that is scanned. A new session reads catalogs for its first calls. */
function areScanned(seen: Case, table: string, now: StatementStats, before: StatementStats): boolean {
  const pages = ((now.blocks - before.blocks) * now.calls) / seen.seconds;
  return (seen.server.scannedRows[table] ?? 0) >= LEAST_ROWS_A_PAGE * pages;
}

/** Whether another operation, which reads as much as before, is half as slow again: then the pages are not the reason. */
function isSlowerAnyway({ operations }: Case, addedMs: number): boolean {
  return operations.some(
    ({ server, serverBefore }) =>
      server &&
      serverBefore &&
      server.blocks - serverBefore.blocks <= MORE_PAGES &&
      server.mean - serverBefore.mean > addedMs / 2,
  );
}

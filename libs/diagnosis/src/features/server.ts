import type { DatabaseCounters, DatabaseSample, Sample, StatementSample } from '../sample';

/** A statement as the server executed it in a window. */
export interface StatementStats {
  /** Equal for equal texts. */
  id: string;
  operation: string;
  table: string;
  calls: number;
  /** Milliseconds of one execution. */
  mean: number;
  /** Pages read for one execution. */
  blocks: number;
}

/** What the server counts, as rates. */
export interface ServerStats {
  /** A second. */
  rates: Record<keyof DatabaseCounters, number>;
  /** Of the services' role; empty on a server without pg_stat_statements. */
  statements: StatementStats[];
  /** Rows read by sequential scans each second, by table. */
  scannedRows: Record<string, number>;
  /** Unix milliseconds of its last start. */
  startedAt: number;
  maxConnections: number;
  reserved: number;
  roleLimit: number;
  /** Polls that got no answer, by the error. */
  troubles: Record<string, number>;
}

export function serverStats(samples: readonly Sample[]): ServerStats {
  const polls = samples.flatMap(({ at, database }) => (database ? [{ at, ...database }] : []));
  const [first, last] = [polls[0], polls.at(-1)];
  const seconds = last && first ? (last.at - first.at) / 1_000 : 0;
  const troubles: Record<string, number> = {};
  for (const { trouble } of samples) if (trouble) troubles[trouble] = (troubles[trouble] ?? 0) + 1;
  const rates = { rollbacks: 0, deadlocks: 0, sessions: 0, sessions_killed: 0, temp_bytes: 0 };
  if (first && last && seconds > 0) {
    // A server that crashed in between counts from zero.
    for (const name of Object.keys(rates) as (keyof DatabaseCounters)[])
      rates[name] = Math.max(0, last.counters[name] - first.counters[name]) / seconds;
  }
  const { startedAt = 0, maxConnections = 0, reserved = 0, roleLimit = -1 } = last?.server ?? {};
  return {
    rates,
    statements: statementsOf(polls),
    scannedRows: scansOf(polls),
    startedAt,
    maxConnections,
    reserved,
    roleLimit,
    troubles,
  };
}

function scansOf(polls: readonly (DatabaseSample & { at: number })[]): Record<string, number> {
  const asked = polls.filter((poll) => poll.scannedRows);
  const [first, last] = [asked[0], asked.at(-1)];
  if (!first || !last || first === last) return {};
  const seconds = (last.at - first.at) / 1_000;
  const scans = Object.entries(last.scannedRows ?? {}).map(([table, rows]) => {
    // A table that is new in the window was never scanned before.
    return [table, Math.max(0, rows - (first.scannedRows?.[table] ?? 0)) / seconds];
  });
  return Object.fromEntries(scans);
}

function statementsOf(polls: readonly DatabaseSample[]): StatementStats[] {
  const counted = polls.flatMap(({ statements }) => (statements ? [statements] : []));
  const [first, last] = [counted[0], counted.at(-1)];
  if (!first || !last || first === last) return [];
  const before = new Map(first.map((statement) => [statement.id, statement]));
  const none: Pick<StatementSample, 'calls' | 'ms' | 'blocks'> = { calls: 0, ms: 0, blocks: 0 };
  return last.flatMap((statement) => {
    const since = before.get(statement.id) ?? none;
    const calls = statement.calls - since.calls;
    if (calls <= 0) return [];
    const { id, operation, table } = statement;
    const mean = (statement.ms - since.ms) / calls;
    return [{ id, operation, table, calls, mean, blocks: (statement.blocks - since.blocks) / calls }];
  });
}

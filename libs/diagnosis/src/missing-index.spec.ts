import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from './diagnose';
import type { Features } from './features/features';
import type { StatementStats } from './features/server';
import type { Subject } from './sample';

/** Figures of a healthy system under load, as they were recorded. */
const { now, subject } = readFileSync(join(__dirname, 'recorded-windows.jsonl'), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as { trial: string; subject: Subject; now: Features })
  .find(({ trial }) => trial === 'load-surge-200') as { subject: Subject; now: Features };

/** The same, with other pages, milliseconds and scanned rows for each call of the statements on these tables. */
function changed(tables: Record<string, { pages: number; addedMs: number; rows?: number }>): Features {
  const statements = now.server.statements.map((statement) => {
    const change = tables[statement.table];
    if (!change || statement.operation !== 'SELECT') return statement;
    const { pages, addedMs } = change;
    return { ...statement, blocks: statement.blocks + pages, mean: statement.mean + addedMs };
  });
  const scans = Object.entries(tables).map(([table, { pages, rows = 50 * pages }]) => {
    const calls = now.server.statements.reduce((sum, one) => sum + (one.table === table ? one.calls : 0), 0);
    return [table, (rows * calls) / now.seconds];
  });
  const scannedRows = { ...now.server.scannedRows, ...Object.fromEntries(scans) };
  return { ...now, server: { ...now.server, statements: statements as StatementStats[], scannedRows } };
}

function named(tables: Parameters<typeof changed>[0]): string[] {
  return diagnose(changed(tables), now, subject).map(({ failure }) => failure.name);
}

describe('a statement that reads many more pages than at rest', () => {
  it('misses an index where it is slower by what pages cost', () => {
    expect(named({ orders: { pages: 1_000, addedMs: 100 } })).toEqual(['missing-index']);
  });

  it('misses none where it is not slower: the table has grown', () => {
    expect(named({ orders: { pages: 1_000, addedMs: 0 } })).toEqual([]);
  });

  it('misses none where it is slower by more than pages can cost', () => {
    expect(named({ orders: { pages: 1_000, addedMs: 2_000 } })).not.toContain('missing-index');
  });

  it('misses none where another one, which reads what it did, is slower by as much', () => {
    const tables = { orders: { pages: 1_000, addedMs: 100 }, products: { pages: 0, addedMs: 100 } };
    expect(named(tables)).not.toContain('missing-index');
  });

  it('misses none where hardly a row is scanned: a new session has read catalogs', () => {
    expect(named({ orders: { pages: 1_000, addedMs: 100, rows: 1_000 } })).not.toContain('missing-index');
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from './diagnose';
import type { Features } from './features/features';
import type { Subject } from './sample';

/** Figures of a healthy system under load, as they were recorded. */
const { now, subject } = readFileSync(join(__dirname, 'recorded-windows.jsonl'), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as { trial: string; subject: Subject; now: Features })
  .find(({ trial }) => trial === 'load-surge-200') as { subject: Subject; now: Features };

/** The same, with some calls of one operation that were slower on average, for the service and in the server. */
function named(calls: number, slower: { mean: number; p50: number }): string[] {
  const operations = now.clients.operations.map((one) =>
    one.operation === 'SELECT' && one.table === 'orders'
      ? { ...one, count: calls, mean: one.mean + slower.mean, p50: one.p50 + slower.p50 }
      : one,
  );
  const statements = now.server.statements.map((one) =>
    one.operation === 'SELECT' && one.table === 'orders' ? { ...one, mean: one.mean + slower.mean } : one,
  );
  const changed = {
    ...now,
    clients: { ...now.clients, operations },
    server: { ...now.server, statements },
  };
  return diagnose(changed, now, subject).map(({ failure }) => failure.name);
}

describe('an operation that is slower on average', () => {
  it('is slow where there were many calls, or where most of a few were slower', () => {
    expect(named(40, { mean: 60, p50: 0 })).toEqual(['slow-queries']);
    expect(named(4, { mean: 60, p50: 60 })).toEqual(['slow-queries']);
  });

  it('is not where one of a few calls was interrupted', () => {
    expect(named(4, { mean: 60, p50: 0 })).toEqual([]);
  });
});

import { type DeclaredRow, declarationOf } from './declared-row';
import { PoolExhaustionSettings } from './faults/pool-exhaustion/pool-exhaustion.settings';
import { SlowQueriesSettings } from './faults/slow-queries/slow-queries.settings';

const FAULTS = [
  { name: 'slow-queries', settings: SlowQueriesSettings, actsOn: 'service' },
  { name: 'pool-exhaustion', settings: PoolExhaustionSettings, actsOn: 'database' },
] as const;

const SLOW: DeclaredRow = {
  fault: 'slow-queries',
  settings: { delay_ms: 5, mode: 'sleep' },
  started_at: new Date(),
  expires_in_ms: 60_000,
};
const HELD: DeclaredRow = {
  ...SLOW,
  fault: 'pool-exhaustion',
  settings: { connections: 95, holder: 'here:1' },
};

describe('a row of declared faults', () => {
  it.each([SLOW, HELD, { ...SLOW, expires_in_ms: 3_600_000 }])('is accepted unchanged: %j', (row) => {
    expect(declarationOf(row, FAULTS)).toEqual(row);
  });

  it.each([
    ...[null, 5, 'x', [], [5], {}, { delay_ms: null }].map((settings) => ({ ...SLOW, settings })),
    { ...SLOW, settings: { delay_ms: 5, mode: 'rest' } },
    { ...SLOW, settings: { delay_ms: 5 } },
    ...[-1, 0, 30_001, 2.5, '5', Number.POSITIVE_INFINITY, {}, [5]].map((delay_ms) => ({
      ...SLOW,
      settings: { delay_ms, mode: 'sleep' },
    })),
    { ...SLOW, settings: JSON.parse('{"__proto__":{"delay_ms":5,"mode":"sleep"}}') },
    ...[-5, 0, 10_001, '95'].map((connections) => ({ ...HELD, settings: { connections, holder: 'a:1' } })),
    ...[undefined, 5, [], 'x'.repeat(64)].map((holder) => ({
      ...HELD,
      settings: { connections: 5, holder },
    })),
    ...[Number.POSITIVE_INFINITY, 3_601_000, Number.NaN].map((expires_in_ms) => ({ ...SLOW, expires_in_ms })),
    { ...SLOW, started_at: Number.POSITIVE_INFINITY },
    { ...SLOW, fault: 'constructor' },
    { ...SLOW, fault: '' },
  ])('is rejected with a reason: %j', (row) => {
    expect(declarationOf(row, FAULTS)).toMatch(/\w/);
  });
});

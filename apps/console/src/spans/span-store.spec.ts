import type { DecodedSpan } from '@app/otlp';
import { SpanStore } from './span-store';

const MINUTE = 60_000;

function span(index: number): DecodedSpan {
  return {
    service: 'inventory-service',
    resource: {},
    scope: '',
    name: 'SELECT',
    kind: 'CLIENT',
    traceId: String(Math.floor(index / 4)).padStart(32, '0'),
    spanId: String(index).padStart(16, '0'),
    parentSpanId: '',
    startUnixNano: BigInt(index),
    endUnixNano: BigInt(index + 1),
    durationMs: 1,
    status: 'UNSET',
    statusMessage: '',
    attributes: {},
    events: [],
  };
}

describe('the store of spans', () => {
  it('keeps the latest up to its cap, and says how many it dropped', () => {
    const store = new SpanStore();
    for (let index = 0; index < 25_000; index += 1) store.add(span(index), 0);
    expect(store.statistics(0)).toMatchObject({
      kept: 20_000,
      cap: 20_000,
      received: 25_000,
      dropped: 5_000,
    });
    expect(store.latest(() => true, 1)[0]?.spanId).toBe('24999'.padStart(16, '0'));
    expect(store.trace('0'.repeat(32))).toEqual([]);
  });

  it('keeps no more bytes than it may, whatever the spans are like, and says how many it dropped', () => {
    const store = new SpanStore();
    const large = (index: number) => ({
      ...span(index),
      attributes: { 'db.statement': `${index}${'x'.repeat(100_000)}` },
      resource: { made: 'x'.repeat(1_000_000) },
    });
    for (let index = 0; index < 1_000; index += 1) store.add(large(index), 0);
    const { kept, bytes, cap_bytes, dropped } = store.statistics(0);
    expect(bytes).toBeLessThanOrEqual(cap_bytes);
    expect(kept).toBeGreaterThan(400);
    expect(kept + dropped).toBe(1_000);
  });

  it('does not give up hundreds of spans for a single one', () => {
    const store = new SpanStore();
    store.add(span(0), 0);
    store.add({ ...span(1), statusMessage: 'x'.repeat(1_000_000) }, 0);
    expect(store.statistics(0)).toMatchObject({ kept: 1, dropped: 1 });
  });

  it('forgets after 15 minutes, which does not count as dropped', () => {
    const store = new SpanStore();
    store.add(span(0), 0);
    store.add(span(4), 10 * MINUTE);
    expect(store.statistics(16 * MINUTE)).toMatchObject({ kept: 1, dropped: 0, reaches_back_s: 360 });
  });

  it('has the spans of a trace in the order of their start', () => {
    const store = new SpanStore();
    for (const index of [2, 0, 3, 1]) store.add(span(index), 0);
    expect(store.trace('0'.repeat(32)).map(({ startUnixNano }) => startUnixNano)).toEqual([0n, 1n, 2n, 3n]);
  });
});

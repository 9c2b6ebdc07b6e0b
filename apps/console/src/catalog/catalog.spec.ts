import type { DecodedSpan } from '@app/otlp';
import { Random } from '../load/random';
import { Catalog } from './catalog';
import { BOUNDS_MS } from './totals';

const NOW = Date.UTC(2026, 4, 4, 12);

function span(fields: Partial<DecodedSpan> & { secondsAgo?: number; table?: string }): DecodedSpan {
  const { secondsAgo = 1, table = 'products', durationMs = 5, ...rest } = fields;
  const endUnixNano = BigInt(NOW - secondsAgo * 1_000) * 1_000_000n;
  return {
    service: 'inventory-service',
    resource: {},
    scope: '',
    name: `SELECT productcatalog.${table}`,
    kind: 'CLIENT',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: '',
    startUnixNano: endUnixNano - BigInt(Math.round(durationMs * 1e6)),
    endUnixNano,
    durationMs,
    status: 'UNSET',
    statusMessage: '',
    attributes: {
      'db.system': 'postgresql',
      'db.name': 'productcatalog',
      'db.operation': 'SELECT',
      'db.sql.table': table,
      'db.statement': `SELECT id FROM ${table} WHERE id = $1`,
    },
    events: [],
    ...rest,
  };
}

/** A catalog that has got these spans as they ended. */
function catalogOf(spans: DecodedSpan[]): Catalog {
  const catalog = new Catalog();
  for (const one of spans) catalog.add(one, NOW);
  return catalog;
}

/** Spans as a load makes them: services, tables, durations over four orders of magnitude, some failures. */
function manySpans(count: number): DecodedSpan[] {
  const random = new Random(11);
  return Array.from({ length: count }, () =>
    span({
      service: ['product-service', 'inventory-service', 'order-service'][random.between(0, 2)],
      table: ['products', 'orders'][random.between(0, 1)],
      durationMs: Math.round(10 ** (random.next() * 4 - 0.3) * 1_000) / 1_000,
      status: random.next() < 0.1 ? 'ERROR' : 'UNSET',
      secondsAgo: random.between(0, 59),
    }),
  );
}

/**
 * What the span metrics of a collector hold for some spans, and what a query makes of it: a sum, a count, a cumulative
 * histogram; then sum / count and PromQL's histogram_quantile. Written from their documentation, with nothing of ours.
 */
function collectorFigures(spans: DecodedSpan[]) {
  const count = spans.length;
  const sum = spans.reduce((total, { durationMs }) => total + durationMs, 0);
  const les = [...BOUNDS_MS, Number.POSITIVE_INFINITY];
  const cumulative = les.map((le) => spans.filter(({ durationMs }) => durationMs <= le).length);
  const quantile = (q: number) => {
    const rank = q * count;
    const index = cumulative.findIndex((total) => total >= rank);
    if (index === les.length - 1) return les[index - 1];
    const lower = index === 0 ? 0 : (les[index - 1] as number);
    const below = index === 0 ? 0 : (cumulative[index - 1] as number);
    return (
      lower + ((les[index] as number) - lower) * ((rank - below) / ((cumulative[index] as number) - below))
    );
  };
  return {
    queries: count,
    failures: spans.filter(({ status }) => status === 'ERROR').length,
    average_ms: expect.closeTo(sum / count, 6),
    p50_ms: expect.closeTo(quantile(0.5) as number, 6),
    p95_ms: expect.closeTo(quantile(0.95) as number, 6),
    p99_ms: expect.closeTo(quantile(0.99) as number, 6),
  };
}

describe('the database catalog', () => {
  it('has the figures that the span metrics of a collector give for the same spans', () => {
    const spans = manySpans(5_000);
    const { databases } = catalogOf(spans).view(5, NOW);
    expect(databases).toHaveLength(1);
    const [database] = databases;
    expect(database).toMatchObject({ database: 'productcatalog', ...collectorFigures(spans) });
    expect(database?.operations).toHaveLength(6);
    for (const row of database?.operations ?? []) {
      const own = spans.filter(
        ({ service, attributes }) => service === row.service && attributes['db.sql.table'] === row.table,
      );
      expect(row).toMatchObject(collectorFigures(own));
    }
  });

  it('counts CLIENT spans with db.system, and no others', () => {
    const { attributes } = span({});
    const { 'db.system': _, ...without } = attributes;
    const catalog = catalogOf([
      span({}),
      span({ kind: 'SERVER' }),
      span({ kind: 'INTERNAL' }),
      span({ attributes: without }),
    ]);
    expect(catalog.view(1, NOW).databases[0]?.queries).toBe(1);
  });

  it('has what ended inside the window', () => {
    const catalog = catalogOf([1, 59, 61, 299, 301, 899, 901].map((secondsAgo) => span({ secondsAgo })));
    const counts = [1, 5, 15].map((minutes) => catalog.view(minutes, NOW).databases[0]?.queries);
    expect(counts).toEqual([2, 4, 6]);
  });

  it('gives rates of the window, or of the time since the first span', () => {
    const young = catalogOf([span({ secondsAgo: 9 }), ...Array.from({ length: 19 }, () => span({}))]);
    expect(young.view(5, NOW)).toMatchObject({ seconds: 10, databases: [{ queries_per_second: 2 }] });
    const old = catalogOf([span({ secondsAgo: 800 }), ...Array.from({ length: 60 }, () => span({}))]);
    expect(old.view(1, NOW)).toMatchObject({ seconds: 60, databases: [{ queries_per_second: 1 }] });
  });

  it('draws what its table says', () => {
    const spans = manySpans(2_000);
    const [database] = catalogOf(spans).view(1, NOW).databases;
    const { time, queries_per_second } = database?.series ?? { time: [], queries_per_second: [] };
    const drawn = spans.filter(
      ({ endUnixNano }) => Number(endUnixNano / 1_000_000_000n) <= (time.at(-1) ?? 0),
    );
    expect(queries_per_second.reduce((sum, value) => sum + value, 0)).toBeCloseTo(drawn.length);
  });

  it('says of what it does not count: the future, the past, one statement too many', () => {
    const catalog = catalogOf([span({ secondsAgo: -3_600 }), span({ secondsAgo: 3_600 })]);
    for (let index = 0; index < 600; index += 1) catalog.add(span({ table: `table_${index}` }), NOW);
    const { uncounted, databases } = catalog.view(15, NOW);
    expect(uncounted).toBe(2 + 100);
    expect(databases[0]?.queries).toBe(500);
  });
});

import { Random } from '@app/load';
import type { DecodedSpan } from '@app/otlp';
import type { ConsoleConfiguration } from '../configuration/console-configuration';
import { Catalog } from './catalog';
import type { Heat } from './heat';
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

/** A catalog that has received these spans as they ended. */
function catalogOf(spans: DecodedSpan[]): Catalog {
  const catalog = new Catalog({ DB_NAME: 'productcatalog' } as ConsoleConfiguration);
  for (const one of spans) catalog.add(one, NOW);
  return catalog;
}

/** Spans like those of a load: services, tables, durations over four orders of magnitude, some failures. */
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
 * What a collector's span metrics contain for some spans, and what a query computes from it: a sum, a count, a
 * cumulative histogram; then sum / count and PromQL's histogram_quantile. Written from their documentation, with no
 * code of ours.
 */
function collectorNumbers(spans: DecodedSpan[]) {
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
  it('has the numbers that the span metrics of a collector give for the same spans', () => {
    const spans = manySpans(5_000);
    const reading = 'span-metrics';
    const { databases, details } = catalogOf(spans).view({ windowMinutes: 5, reading }, NOW);
    expect(databases).toHaveLength(1);
    const [database] = databases;
    expect(database).toMatchObject({ database: 'productcatalog', ...collectorNumbers(spans) });
    expect(details?.operations).toHaveLength(6);
    for (const row of details?.operations ?? []) {
      const own = spans.filter(
        ({ service, attributes }) => service === row.service && attributes['db.sql.table'] === row.table,
      );
      expect(row).toMatchObject(collectorNumbers(own));
    }
  });

  it('counts CLIENT spans of a database system, and no others', () => {
    const { attributes } = span({});
    const { 'db.system': _, ...without } = attributes;
    const catalog = catalogOf([
      span({}),
      span({ kind: 'SERVER' }),
      span({ kind: 'INTERNAL' }),
      span({ attributes: without }),
    ]);
    expect(catalog.view({ windowMinutes: 1 }, NOW).databases[0]?.queries).toBe(1);
  });

  it('counts and marks spans that have only the new names', () => {
    const attributes = {
      'db.system.name': 'postgresql',
      'db.namespace': 'warehouse',
      'db.operation.name': 'SELECT',
      'db.collection.name': 'parcels',
      'db.query.text': 'SELECT 1',
    };
    const [one, other] = catalogOf([span({ attributes }), span({}), span({})]).view(
      { windowMinutes: 1 },
      NOW,
    ).databases;
    expect([one, other].map((row) => [row?.database, row?.queries, row?.new_names_only]).sort()).toEqual([
      ['productcatalog', 2, false],
      ['warehouse', 1, true],
    ]);
  });

  it('keeps statements of any length, up to a limit', () => {
    const long = { 'db.system': 'postgresql', 'db.statement': 'x'.repeat(1_000_000) };
    const { details } = catalogOf([span({ attributes: long })]).view({ windowMinutes: 1, database: '' }, NOW);
    expect(details?.statements[0]?.statement).toHaveLength(10_000);
  });

  it('contains what ended inside the window', () => {
    const catalog = catalogOf([1, 59, 61, 299, 301, 899, 901].map((secondsAgo) => span({ secondsAgo })));
    const counts = [1, 5, 15].map(
      (minutes) => catalog.view({ windowMinutes: minutes }, NOW).databases[0]?.queries,
    );
    expect(counts).toEqual([2, 4, 6]);
  });

  it('gives rates for the window, or for the time since the first span', () => {
    const young = catalogOf([span({ secondsAgo: 9 }), ...Array.from({ length: 19 }, () => span({}))]);
    expect(young.view({ windowMinutes: 5 }, NOW)).toMatchObject({
      seconds: 10,
      databases: [{ queries_per_second: 2 }],
    });
    const old = catalogOf([span({ secondsAgo: 800 }), ...Array.from({ length: 60 }, () => span({}))]);
    expect(old.view({ windowMinutes: 1 }, NOW)).toMatchObject({
      seconds: 60,
      databases: [{ queries_per_second: 1 }],
    });
  });

  it('draws what its table shows', () => {
    const spans = manySpans(2_000);
    const { details } = catalogOf(spans).view({ windowMinutes: 1 }, NOW);
    const { time, queries_per_second } = details?.series ?? { time: [], queries_per_second: [] };
    const drawn = spans.filter(
      ({ endUnixNano }) => Number(endUnixNano / 1_000_000_000n) <= (time.at(-1) ?? 0),
    );
    expect(queries_per_second.reduce((sum, value) => sum + value, 0)).toBeCloseTo(drawn.length);
  });

  it('shows percentiles within 1 % of what was measured', () => {
    const spans = manySpans(5_000);
    const times = spans.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
    const [database] = catalogOf(spans).view({ windowMinutes: 5 }, NOW).databases;
    for (const [share, shown] of [
      [0.5, database?.p50_ms],
      [0.95, database?.p95_ms],
      [0.99, database?.p99_ms],
    ] as const) {
      const measured = times[Math.floor(share * (times.length - 1))] as number;
      expect(Math.abs((shown as number) / measured - 1)).toBeLessThan(0.011);
    }
  });

  it('has each statement and each wait in the row of its time, and in the step in which it ended', () => {
    const pool = { kind: 'INTERNAL', name: 'pool.acquire' } as const;
    const wait = { ...pool, attributes: { 'db.client.connection.pool.name': 'app@host/db' } };
    const { details } = catalogOf([
      ...[1.1, 1.1, 1.2, 2_900].map((durationMs) => span({ secondsAgo: 4, durationMs })),
      span({ secondsAgo: 4, ...wait, durationMs: 3_000 }),
      span({ secondsAgo: 4, ...wait, durationMs: 3_000, service: 'of-another-database' }),
      span({ secondsAgo: 2, durationMs: 100_000 }),
    ]).view({ windowMinutes: 1 }, NOW);
    const heat = details?.series.heat;
    const { from_ms, per_decade, rows, running, waiting } = heat as Heat;
    const rowOf = (ms: number) => Math.floor(Math.log10(ms / from_ms) * per_decade);
    expect(running).toEqual([[rowOf(1.1), 3, rowOf(2_900), 1], [], [rows - 1, 1]]);
    expect(waiting).toEqual([[rowOf(3_000), 1], [], []]);
  });

  it('does not end at 10 s, as a histogram does', () => {
    const spans = Array.from({ length: 20 }, () => span({ durationMs: 12_000 }));
    const p99 = (reading: 'measured' | 'span-metrics') =>
      catalogOf(spans).view({ windowMinutes: 1, reading }, NOW).databases[0]?.p99_ms as number;
    expect(p99('span-metrics')).toBe(10_000);
    expect(Math.abs(p99('measured') / 12_000 - 1)).toBeLessThan(0.011);
  });

  it('counts no wait as a query', () => {
    const waited = { status: 'ERROR', durationMs: 3_000 } as const;
    const attributes = { ...span({}).attributes, 'error.type': 'pool_timeout' };
    const pool = { kind: 'INTERNAL', name: 'pool.acquire', durationMs: 3_000 } as const;
    const { databases, details } = catalogOf([
      span({ secondsAgo: 4 }),
      span({ secondsAgo: 4, ...waited, attributes }),
      span({ secondsAgo: 4, ...pool, attributes: { 'db.client.connection.pool.name': 'app@host/db' } }),
    ]).view({ windowMinutes: 1 }, NOW);
    expect(databases[0]).toMatchObject({ queries: 2, failures: 1, average_ms: 5 });
    const [service] = details?.series.services ?? [];
    expect([service?.waiting_ms[0], service?.running_ms[0]]).toEqual([3_000, 5]);
  });

  it('shows what is now beside what was in the window', () => {
    const before = Array.from({ length: 50 }, () => span({ secondsAgo: 30, durationMs: 2_900 }));
    const [database] = catalogOf([...before, span({ secondsAgo: 4 })]).view(
      { windowMinutes: 1 },
      NOW,
    ).databases;
    expect(database?.average_ms).toBeGreaterThan(2_000);
    expect(database?.now.average_ms).toBe(5);
  });

  it('has the mean of what has arrived now, and the rate of seconds that are complete', () => {
    const slow = Array.from({ length: 15 }, () => span({ secondsAgo: 0, durationMs: 2_900 }));
    const steady = Array.from({ length: 10 }, () => span({ secondsAgo: 4 }));
    const [database] = catalogOf([...slow, ...steady]).view({ windowMinutes: 1 }, NOW).databases;
    expect(database?.now.average_ms).toBe((15 * 2_900 + 10 * 5) / 25);
    expect(database?.now.queries_per_second).toBe(10 / 5);
  });

  it('says what it does not count: the future and the past', () => {
    const catalog = catalogOf([span({ secondsAgo: -3_600 }), span({ secondsAgo: 3_600 })]);
    expect(catalog.view({ windowMinutes: 15 }, NOW).uncounted).toBe(2);
  });

  it('counts statements beyond its cap together, and says so', () => {
    const catalog = catalogOf([]);
    for (let index = 0; index < 600; index += 1) catalog.add(span({ table: `table_${index}` }), NOW);
    const { uncounted, databases, details, passed_caps } = catalog.view({ windowMinutes: 15 }, NOW);
    expect([uncounted, databases[0]?.queries]).toEqual([0, 600]);
    expect(details?.statements.find(({ operation }) => operation === 'OTHER')?.queries).toBe(400);
    expect(passed_caps).toEqual([expect.stringMatching(/^inventory-service has sent more than 200/)]);
  });

  it('keeps the row of its own database first, whatever others send', () => {
    const catalog = catalogOf([span({})]);
    const foreign = { 'db.system': 'postgresql', 'db.statement': 'SELECT 1' };
    for (let index = 0; index < 6_000; index += 1) {
      const attributes = {
        ...foreign,
        'db.name': `warehouse_${index % 60}`,
        'db.statement': `SELECT ${index}`,
      };
      catalog.add(span({ service: `stranger-${index % 20}`, durationMs: 5_000, attributes }), NOW);
    }
    catalog.add(span({ table: 'orders' }), NOW);
    const { databases, selected, details, passed_caps } = catalog.view({ windowMinutes: 1 }, NOW);
    expect([databases[0]?.database, databases[0]?.queries, selected]).toEqual([
      'productcatalog',
      2,
      'productcatalog',
    ]);
    expect(details?.operations).toHaveLength(2);
    expect(passed_caps.length).toBeGreaterThan(0);
    const chosen = catalog.view({ windowMinutes: 1, database: 'warehouse_1' }, NOW);
    expect([chosen.selected, chosen.databases[0]?.database]).toEqual(['warehouse_1', 'productcatalog']);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type Behaviour, PATIENT } from './behaviour';
import { type Journey, nextJourney, OPERATIONS, type Step } from './journeys';
import { Latencies } from './latencies';
import { LoadTotals, type OperationFigures } from './load-totals';
import { OpenLoad } from './open-load';
import { Random } from './random';
import type { MeasuredSpan } from './span-payload';

function journeys(seed: number, count: number): Journey[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => nextJourney(random));
}

/** A server that answers like the services, after a delay, and keeps the requests it got. */
async function service(delayMs: number, status = 200) {
  const asked: { path: string; traceparent: string; key?: string }[] = [];
  const server = createServer(async (request, response) => {
    asked.push({
      path: `${request.method} ${request.url}`,
      traceparent: String(request.headers.traceparent),
      key: request.headers['idempotency-key'] as string | undefined,
    });
    await setTimeout(delayMs);
    response.writeHead(status).end('{}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { asked, close, targets: { product: url, inventory: url, order: url } };
}

describe('the requests of a load', () => {
  it('are the same for the same seed, and different for another', () => {
    expect(journeys(7, 500)).toEqual(journeys(7, 500));
    expect(journeys(8, 500)).not.toEqual(journeys(7, 500));
  });

  it('are of all operations, and most of them read', () => {
    const operations = journeys(1, 10_000).map(({ operation }) => operation);
    const share = (wanted: string) => operations.filter((operation) => operation === wanted).length / 10_000;
    expect(OPERATIONS.map((operation) => Math.round(share(operation) * 20) / 20)).toEqual([
      0.25, 0.3, 0.15, 0.1, 0.1, 0.1,
    ]);
  });

  it('cross all three services in a checkout', () => {
    const checkout = journeys(1, 100).find(({ operation }) => operation === 'checkout');
    expect(checkout?.steps.map((step) => step.service)).toEqual([
      'product',
      'inventory',
      'inventory',
      'order',
    ]);
  });
});

describe('arrivals', () => {
  it('come at the requested rate, whether or not the services keep up', async () => {
    const slow = await service(1_500);
    const totals = new LoadTotals();
    const load = new OpenLoad({
      seed: 5,
      targets: slow.targets,
      totals: () => totals,
      spans: () => undefined,
    });
    load.setRate(100);
    await setTimeout(1_000);
    load.setRate(0);
    const sent = totals.figures().reduce((sum, operation) => sum + operation.sent, 0);
    // Poisson: 100 on average, and outside 60 to 140 for one seed in 10,000.
    expect(sent).toBeGreaterThan(60);
    expect(sent).toBeLessThan(140);
    expect(load.underWay).toBe(sent);
    await load.finished();
    slow.close();
  });

  it('are counted by how they end, and measured as spans of one trace', async () => {
    const refusing = await service(0, 503);
    const totals = new LoadTotals();
    const spans: MeasuredSpan[] = [];
    const load = new OpenLoad({
      seed: 5,
      targets: refusing.targets,
      totals: () => totals,
      spans: (measured) => spans.push(...measured),
    });
    load.setRate(50);
    await setTimeout(600);
    load.setRate(0);
    await load.finished();
    refusing.close();
    const figures = totals.figures();
    expect(figures.every(({ sent, unavailable }) => sent === unavailable)).toBe(true);
    expect(new Set(refusing.asked.map(({ traceparent }) => traceparent.slice(3, 35)))).toEqual(
      new Set(spans.map(({ traceId }) => traceId)),
    );
    expect(spans.every(({ failed }) => failed)).toBe(true);
  });
});

describe('latencies', () => {
  it('give percentiles within 1 %', () => {
    const latencies = new Latencies();
    for (let ms = 1; ms <= 10_000; ms += 1) latencies.add(ms);
    for (const share of [0.5, 0.95, 0.99]) {
      const error = Math.abs((latencies.quantile(share) ?? 0) / (share * 10_000) - 1);
      expect(error).toBeLessThan(0.0101);
    }
    expect(new Latencies().quantile(0.5)).toBeNull();
  });
});

describe('users', () => {
  const wanted = (hot: Behaviour['hot']) => {
    const random = new Random(3);
    const steps = Array.from({ length: 10_000 }, () => nextJourney(random, hot).steps[0] as Step);
    return steps.filter(({ service }) => service === 'inventory').map(wantedBy);
  };
  const wantedBy = ({ path, body }: Step) => Number(body?.product_id ?? /\d+$/.exec(path)?.[0]);
  const share = (products: number[], product: number) =>
    products.filter((one) => one === product).length / products.length;

  it('want every product equally, or a favourite, or by rank', () => {
    expect(share(wanted(0), 1)).toBeCloseTo(1 / 24, 1);
    expect(share(wanted(0.5), 1)).toBeGreaterThan(0.45);
    expect(share(wanted('zipf'), 1) / share(wanted('zipf'), 2)).toBeCloseTo(2, 0);
    expect(new Set(wanted('zipf')).size).toBe(24);
  });

  it('choose nothing different because of a favourite', () => {
    const operations = (hot: Behaviour['hot']) => {
      const random = new Random(3);
      return Array.from({ length: 200 }, () => nextJourney(random, hot).operation);
    };
    expect(operations('zipf')).toEqual(operations(0));
  });

  async function insisting(behaviour: Partial<Behaviour>, status: number, delayMs = 0) {
    const busy = await service(delayMs, status);
    const totals = new LoadTotals();
    const load = new OpenLoad(
      { seed: 5, targets: busy.targets, totals: () => totals, spans: () => undefined },
      { ...PATIENT, ...behaviour },
    );
    const from = performance.now();
    load.setRate(200, { from, to: from + 500 });
    await setTimeout(500);
    load.setRate(0);
    await load.finished();
    busy.close();
    const sum = (read: (figures: OperationFigures) => number) =>
      totals.figures().reduce((all, figures) => all + read(figures), 0);
    return {
      sent: sum(({ sent }) => sent),
      tries: sum(({ tries }) => tries),
      gaveUp: sum(({ gave_up }) => gave_up),
      asked: busy.asked,
    };
  }

  it('repeat what failed, as often as they like, with the same Idempotency-Key', async () => {
    const { sent, tries, asked } = await insisting({ retries: 4 }, 503);
    expect(tries).toBe(5 * sent);
    const keys = asked.filter(({ path }) => path.startsWith('POST')).map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys).size).toBe(keys.length / 5);
  });

  it.each([200, 404, 409])('do not repeat what was answered with %i', async (status) => {
    const { tries, asked } = await insisting({ retries: 4 }, status);
    expect(asked.length).toBe(tries);
    const gets = asked.filter(({ traceparent }) => traceparent).length;
    expect(new Set(asked.map(({ traceparent }) => traceparent)).size).toBe(gets);
  });

  it('repeat no more than their budget', async () => {
    const { sent, tries } = await insisting({ retries: 4, retryBudget: 0.1 }, 503);
    expect(tries - sent).toBeGreaterThan(0);
    expect(tries - sent).toBeLessThanOrEqual(0.1 * sent);
  });

  it('give up when they have waited long enough', async () => {
    const { sent, gaveUp } = await insisting({ giveUpMs: 50 }, 200, 1_000);
    expect(gaveUp).toBe(sent);
  });

  it('are as many as the seed determines, however long it takes until the rate is set', async () => {
    const [first, second] = [await insisting({}, 200), await insisting({}, 200)];
    expect(second.sent).toBe(first.sent);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type Journey, nextJourney, OPERATIONS } from './journeys';
import { Latencies } from './latencies';
import { LoadTotals } from './load-totals';
import { OpenLoad } from './open-load';
import { Random } from './random';
import type { MeasuredSpan } from './span-payload';

function journeys(seed: number, count: number): Journey[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => nextJourney(random));
}

/** Something that answers like the services, after a while, and keeps what it was asked. */
async function service(delayMs: number, status = 200) {
  const asked: { path: string; traceparent: string }[] = [];
  const server = createServer(async (request, response) => {
    asked.push({
      path: `${request.method} ${request.url}`,
      traceparent: String(request.headers.traceparent),
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
  it('are the same for the same seed, and others for another', () => {
    expect(journeys(7, 500)).toEqual(journeys(7, 500));
    expect(journeys(8, 500)).not.toEqual(journeys(7, 500));
  });

  it('are of all operations, mostly reading', () => {
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
  it('come as often as asked, whether or not the services keep up', async () => {
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
    // Poisson: 100 on average, beyond 60 to 140 once in 10,000 seeds.
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

import { goodCapture, span } from '../good-capture.spec-support';
import { visibility } from './outage';

const of = (spans: Parameters<typeof visibility>[0]['spans'], reader: string) =>
  visibility({ spans }, undefined).shown.find((shown) => shown.reader === reader);

describe('would an outage be visible', () => {
  it('hides nothing of a request that failed with its statement', () => {
    const { spans } = goodCapture();
    const { truth, shown } = visibility({ spans }, undefined);
    expect(truth).toMatchObject({ requests: 3, failedRequests: 1, lostWaits: 0 });
    for (const { calls, failures, hides } of shown)
      expect({ calls, failures, hides }).toEqual({ calls: 3, failures: 1, hides: [] });
  });

  it('says who shows no failure when the statement without a connection has no span', () => {
    const { spans } = goodCapture();
    const silent = spans.filter(({ kind, status }) => !(kind === 'CLIENT' && status === 'ERROR'));
    expect(of(silent, 'datadog')?.hides).toEqual(['1 requests failed, and it shows no failure']);
  });

  it('says who shows nothing at all of spans under current names', () => {
    const { spans } = goodCapture();
    for (const { attributes } of spans) for (const old of ['db.system', 'db.name']) delete attributes[old];
    expect(of(spans, 'new-relic')?.hides).toEqual(['it shows no call at all']);
    expect(of(spans, 'tempo')?.hides).toEqual([]);
    expect(of(spans, 'splunk')?.hides).toEqual([]);
  });

  it('reports failures that take no time while requests wait, and waits that are counted', () => {
    const { spans } = goodCapture();
    for (const one of spans) if (one.kind === 'SERVER' && one.status === 'ERROR') one.durationMs = 3_000;
    spans.push(
      span('pg-pool.connect', 'CLIENT', { attributes: { 'db.system': 'postgresql' }, durationMs: 3_000 }),
    );
    expect(of(spans, 'coralogix-span-metrics')?.hides).toEqual([
      '1 failed calls last next to nothing, so that it looks faster while requests wait',
      '1 of its 4 calls only got a connection',
      'its buckets end at 250 ms, and the longest call lasted 3000 ms',
    ]);
    expect(of(spans, 'coralogix-span-metrics')?.p95Ms).toBe(Number.POSITIVE_INFINITY);
  });
});

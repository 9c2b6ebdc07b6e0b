import { Delivery } from './delivery';

function delivery() {
  const lines: string[] = [];
  const one = new Delivery('spans', 'backend:4318', (level, text) => lines.push(`${level} ${text}`));
  const answered = (status: number, data = '') => {
    one.status = status;
    one.ended(10, status < 300 ? undefined : Object.assign(new Error('x'), { code: status, data }));
  };
  return { one, lines, answered };
}

describe('a delivery', () => {
  it('says once that it fails, with status, host and advice, and once that it works again', () => {
    const { one, lines, answered } = delivery();
    for (let request = 0; request < 5; request++) answered(401, 'no\u0007 key');
    for (let request = 0; request < 5; request++) answered(200);
    expect(one.counts).toEqual({ sent: 50, dropped: 50 });
    expect(lines).toEqual([
      'warn backend:4318 does not take the spans: HTTP 401 (no key). 10 are lost so far. Check OTEL_EXPORTER_OTLP_HEADERS.',
      'log backend:4318 takes spans again; 50 are lost.',
    ]);
  });

  it('says that it fails for another reason', () => {
    const { one, lines, answered } = delivery();
    answered(503);
    one.status = undefined;
    one.ended(1, Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
    one.ended(1, Object.assign(new Error('tls'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }));
    expect(lines.map((line) => /HTTP 503|ECONNREFUSED|_CERTIFICATE/.exec(line)?.[0])).toEqual([
      'HTTP 503',
      'ECONNREFUSED',
      '_CERTIFICATE',
    ]);
    expect(one.counts.failing).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('counts what was rejected of a request as dropped, and says so once', () => {
    const { one, lines } = delivery();
    for (let request = 0; request < 3; request++) {
      one.partly(request === 1 ? 0 : 7, 'too long');
      one.ended(150);
    }
    expect(one.counts).toEqual({ sent: 450 - 14, dropped: 14, failing: 'takes only a part' });
    expect(lines).toEqual([expect.stringContaining('takes only a part of the spans: 7 rejected (too long)')]);
  });
});

import { changesFromElsewhere } from './cross-origin';

const change = (origin: string | undefined, host: string, listenAddress = '127.0.0.1', method = 'POST') =>
  changesFromElsewhere({ method, headers: { origin, host } }, listenAddress);

describe('a change', () => {
  it.each([
    ['by a page of this process', 'http://localhost:30015', 'localhost:30015', '127.0.0.1'],
    ['by its page under an address', 'http://127.0.0.1:30015', '127.0.0.1:30015', '127.0.0.1'],
    ['by its page over IPv6', 'http://[::1]:30015', '[::1]:30015', '::1'],
    ['by its page behind a proxy with TLS', 'https://demo.example', 'demo.example', '0.0.0.0'],
    ['by a program, under any name', undefined, 'order-service.demo.svc', '127.0.0.1'],
  ])('%s is not cross-origin', (_, origin, host, listenAddress) => {
    expect(change(origin, host, listenAddress)).toBe(false);
  });

  it.each([
    ['by another site', 'http://evil.example', 'localhost:30015', '0.0.0.0'],
    ['by another port of this machine', 'http://localhost:8080', 'localhost:30015', '127.0.0.1'],
    ['by a page without an origin', 'null', 'localhost:30015', '127.0.0.1'],
    [
      'by a site whose name leads to loopback',
      'http://evil.example:30015',
      'evil.example:30015',
      '127.0.0.1',
    ],
    [
      'by a name that only looks like loopback',
      'http://127.0.0.1.evil.example',
      '127.0.0.1.evil.example',
      '::1',
    ],
  ])('%s is cross-origin', (_, origin, host, listenAddress) => {
    expect(change(origin, host, listenAddress)).toBe(true);
  });

  it('does not include reading', () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      expect(change('http://evil.example', 'localhost', '127.0.0.1', method)).toBe(false);
  });
});

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { Forwarder } from './forwarder';

function forwarderTo(endpoint: string, headers?: string): Forwarder {
  const settings = { CONSOLE_FORWARD_ENDPOINT: endpoint, CONSOLE_FORWARD_HEADERS: headers };
  return new Forwarder(Object.assign(new ConsoleConfiguration(), settings));
}

describe('forwarding', () => {
  it('sends the headers that the other place wants', async () => {
    const server = createServer((_, response) => response.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const asked = once(server, 'request') as Promise<[IncomingMessage]>;
    const { port } = server.address() as AddressInfo;
    const forwarder = forwarderTo(`http://127.0.0.1:${port}/`, 'api-key=abc%3D, tenant=a=b');
    forwarder.forward('/v1/traces', Buffer.from('x'), 'application/x-protobuf', 'gzip');
    const [{ url, headers }] = await asked;
    expect(url).toBe('/v1/traces');
    expect(headers).toMatchObject({ 'api-key': 'abc=', tenant: 'a=b', 'content-encoding': 'gzip' });
    server.closeAllConnections();
    server.close();
  });

  it('drops what is too much at once instead of keeping it, and counts it', async () => {
    const silent = createServer(() => undefined);
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const forwarder = forwarderTo(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    for (let index = 0; index < 40; index += 1)
      forwarder.forward('/v1/logs', Buffer.from('{}'), 'application/json');
    expect(forwarder.statistics.dropped).toBe(24);
    silent.closeAllConnections();
    silent.close();
  });
});

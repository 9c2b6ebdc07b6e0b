import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createNetServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { listen } from './listen';

const IPV6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

describe('listening', () => {
  /** Those of these addresses that answer an HTTP request. */
  async function answering(address: string): Promise<string[]> {
    const server = createServer((_request, response) => void response.end('here'));
    const further = await listen(server, 0, address);
    const { port } = server.address() as AddressInfo;
    const answers = await Promise.all(
      ['127.0.0.1', '127.0.0.2', '[::1]'].map(async (host) => {
        const answer = await fetch(`http://${host}:${port}`).catch(() => undefined);
        return (await answer?.text()) === 'here' ? [host] : [];
      }),
    );
    for (const one of [server, ...further]) one.close();
    server.closeAllConnections();
    return answers.flat();
  }

  it.each([
    ['::', ['127.0.0.1', '127.0.0.2', '[::1]']],
    ['0.0.0.0', ['127.0.0.1', '127.0.0.2']],
    ['localhost', ['127.0.0.1', '[::1]']],
    ['127.0.0.1', ['127.0.0.1']],
    ['::1', ['[::1]']],
  ])('on %s is listening on %j', async (address, expected) => {
    if (address === '::1' && !IPV6) return;
    const reachable = process.platform === 'linux' ? expected : expected.filter((one) => one !== '127.0.0.2');
    expect(await answering(address)).toEqual(reachable.filter((one) => IPV6 || one !== '[::1]'));
  });

  it('fails if the port is taken', async () => {
    const other = createNetServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as AddressInfo;
    await expect(listen(createServer(), port, 'localhost')).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });

  it('ends connections of the second address with the server', async () => {
    const server = createServer();
    const further = await listen(server, 0, 'localhost');
    if (!IPV6) return void server.close();
    const socket = connect((server.address() as AddressInfo).port, '::1');
    await new Promise((done) => socket.once('connect', done));
    const closed = new Promise((done) => socket.once('close', done));
    for (const one of [server, ...further]) one.close();
    server.closeAllConnections();
    await closed;
  });
});

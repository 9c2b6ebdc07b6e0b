import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { NetworkPath } from './network-path';

describe('the network between pool and PostgreSQL', () => {
  let echo: Server;
  const path = new NetworkPath();

  beforeAll(async () => {
    echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
  });
  afterEach(() => {
    path.heal();
    path.delayMs = 0;
  });
  afterAll(() => echo.close());

  async function connected() {
    const socket = path.socket().connect((echo.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  async function closed(sockets: Awaited<ReturnType<typeof connected>>[]): Promise<void> {
    const open = sockets.filter((socket) => !socket.closed);
    await Promise.all(open.map((socket) => once(socket.destroy(), 'close')));
  }

  async function roundTrip(socket: Awaited<ReturnType<typeof connected>>): Promise<number> {
    const begun = performance.now();
    socket.write(Buffer.from('ping'));
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toBe('ping');
    return performance.now() - begun;
  }

  it('delays what is sent, and what comes back', async () => {
    const socket = await connected();
    await roundTrip(socket);
    path.delayMs = 40;
    for (let trip = 0; trip < 3; trip++) expect(await roundTrip(socket)).toBeGreaterThan(75);
    path.delayMs = 0;
    await roundTrip(socket);
    await closed([socket]);
  });

  it('loses a share of the connections, and cuts them when it is healed', async () => {
    const sockets = await Promise.all(Array.from({ length: 10 }, connected));
    path.lose(0.6);
    const lost = sockets.filter(({ localPort }) => path.lostPorts.includes(localPort as number));
    expect(lost).toHaveLength(6);
    let heard = 0;
    for (const socket of sockets) socket.on('data', () => heard++).write(Buffer.from('ping'));
    while (heard < sockets.length - lost.length)
      await once(echo, 'x', { signal: AbortSignal.timeout(20) }).catch(() => 0);
    const cut = Promise.all(lost.map((socket) => once(socket, 'close')));
    path.heal();
    await cut;
    expect(heard).toBe(sockets.length - lost.length);
    expect(path.lostPorts).toEqual([]);
    await closed(sockets);
  });

  it('loses one at once, however few there are, and its share of what takes its place', async () => {
    const sockets = [await connected()];
    path.lose(0.5);
    expect(path.lostPorts).toHaveLength(1);
    sockets.push(await connected(), await connected());
    expect(path.lostPorts).toHaveLength(1);
    for (const until = performance.now() + 10_000; path.lostPorts.length < 2; )
      await once(echo, 'x', { signal: AbortSignal.timeout(Math.min(50, until - performance.now())) }).catch(
        () => 0,
      );
    expect(path.lostPorts).toEqual(sockets.slice(0, 2).map(({ localPort }) => localPort));
    await closed(sockets);
  });

  it('loses every new connection where it loses all', async () => {
    path.lose(1);
    const socket = await connected();
    expect(path.lostPorts).toEqual([socket.localPort]);
    await closed([socket]);
  });
});

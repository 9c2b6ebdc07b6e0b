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
  afterEach(() => Object.assign(path, { delayMs: 0, lostShare: 0 }));
  afterAll(() => echo.close());

  async function connected() {
    const socket = path.socket().connect((echo.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
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
    socket.destroy();
  });

  it('loses a share of the connections, and cuts them when it is healed', async () => {
    const sockets = await Promise.all(Array.from({ length: 10 }, connected));
    path.lostShare = 0.6;
    const lost = sockets.filter(({ localPort }) => path.lostPorts.includes(localPort as number));
    expect([5, 6, 7]).toContain(lost.length);
    let heard = 0;
    for (const socket of sockets) socket.on('data', () => heard++).write(Buffer.from('ping'));
    while (heard < sockets.length - lost.length)
      await once(echo, 'x', { signal: AbortSignal.timeout(20) }).catch(() => 0);
    const closed = Promise.all(lost.map((socket) => once(socket, 'close')));
    path.heal();
    await closed;
    expect(heard).toBe(sockets.length - lost.length);
    expect(path.lostPorts).toEqual([]);
    for (const socket of sockets) socket.destroy();
  });
});

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** What the value of LISTEN_ADDRESS means if it is more than one address. */
const BOTH_FAMILIES: Record<string, [first: string, second: string]> = {
  localhost: ['127.0.0.1', '::1'],
};
/** All addresses of a machine, of both families; the second value is for machines without IPv6. */
const ALL = { address: '::', withoutIpv6: '0.0.0.0' };
const NO_IPV6 = ['EAFNOSUPPORT', 'EADDRNOTAVAIL'];

/**
 * Listens on an address: `localhost` is loopback of both families, `::` is every address of both families, and every
 * IPv4 address on a machine without IPv6.
 *
 * @param port 0 lets the system choose one
 * @returns the additional sockets, whose connections the server treats as its own; close them with it
 */
export async function listen(server: Server, port: number, address: string): Promise<Server[]> {
  const [first = address, second] = BOTH_FAMILIES[address] ?? [];
  if (first !== ALL.address || !(await tryToListen(server, port, first)))
    await listenOn(server, port, first === ALL.address ? ALL.withoutIpv6 : first);
  if (second === undefined) return [];
  // One HTTP server has one set of limits and connections; Node lets it take connections from any socket.
  const further = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    server.emit('connection', socket),
  );
  const { port: chosen } = server.address() as AddressInfo;
  return (await tryToListen(further, chosen, second)) ? [further] : [];
}

/** Resolves with false on a machine without IPv6. */
async function tryToListen(server: Server, port: number, address: string): Promise<boolean> {
  try {
    await listenOn(server, port, address);
    return true;
  } catch (error) {
    if (NO_IPV6.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function listenOn(server: Server, port: number, host: string): Promise<void> {
  server.listen({ port, host });
  await once(server, 'listening');
}

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** What can be wrong with a network. */
export const NETWORK_FAULTS = [
  /** Nothing passes, not even the end of a connection: a dead switch, a firewall that drops. */
  'black hole',
  /** Connections are closed, and nothing listens any more. */
  'refusing',
  /** Connections are reset, each new one as soon as it is made. */
  'resetting',
  /** What the service sends arrives, but PostgreSQL's answers are lost: half a firewall, half a route. */
  'half-open',
] as const;

export type NetworkFault = (typeof NETWORK_FAULTS)[number];

/**
 * A relay on loopback between services and PostgreSQL, which can fail. Lost bytes stay lost: a connection of a black
 * hole or a half-open one is useless after the network is healed, and neither of its ends gets an error.
 */
export class Network {
  private readonly clients = new Set<Socket>();
  private readonly servers = new Set<Socket>();
  private readonly server: Server;
  private fault?: NetworkFault;
  /** The port to connect to instead of PostgreSQL's. */
  port = 0;

  private constructor(private readonly to: number) {
    this.server = createServer((client) => this.accept(client));
  }

  /** @param to port of PostgreSQL */
  static async before(to: number, port = 0): Promise<Network> {
    const network = new Network(to);
    network.port = port;
    await network.heal();
    return network;
  }

  async fail(fault: NetworkFault): Promise<void> {
    this.fault = fault;
    if (fault === 'refusing') await this.close();
    // The side of PostgreSQL follows by itself. Destroying a socket that is being reset makes Node leak it.
    if (fault === 'resetting') for (const client of this.clients) client.resetAndDestroy();
  }

  async heal(): Promise<void> {
    this.fault = undefined;
    if (this.server.listening) return;
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as { port: number }).port;
  }

  /** Ends all connections and stops listening. */
  async close(): Promise<void> {
    for (const socket of [...this.clients, ...this.servers]) socket.destroy();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    watch(client, this.clients);
    if (this.fault === 'resetting') return void client.resetAndDestroy();
    // The service believes that it is connected, but PostgreSQL never hears of it.
    if (this.fault === 'black hole') return;
    const postgres = watch(connect(this.to, '127.0.0.1'), this.servers);
    const state = { toPostgres: true, toClient: true };
    const passes = (direction: keyof typeof state) => {
      if (this.fault === 'black hole') Object.assign(state, { toPostgres: false, toClient: false });
      if (this.fault === 'half-open') state.toClient = false;
      return state[direction];
    };
    client.on('data', (bytes) => passes('toPostgres') && postgres.write(bytes));
    postgres.on('data', (bytes) => passes('toClient') && client.write(bytes));
    client.on('close', () => passes('toPostgres') && postgres.destroy());
    postgres.on('close', () => passes('toClient') && client.destroy());
  }
}

function watch(socket: Socket, among: Set<Socket>): Socket {
  among.add(socket.setNoDelay());
  return socket.on('error', () => undefined).on('close', () => among.delete(socket));
}

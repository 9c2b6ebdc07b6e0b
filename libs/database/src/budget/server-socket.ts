import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction, Socket } from 'node:net';
import { NameLookup } from './name-lookup';

/**
 * Milliseconds for the network to answer an attempt to connect. By then a lost packet has been sent again, and the next
 * attempt meets a network that may be whole again.
 */
const NETWORK_PATIENCE_MS = 1_000;

/** One look-up of a name serves all connections of the process. */
const names = new NameLookup();

/** Whether a look-up of the server's name is under way: a caller then waits neither for the network nor for the server. */
export function waitsForName(): boolean {
  return names.waiting;
}

/**
 * The socket of one connection to PostgreSQL. It gives up on a network that does not answer, but never on a server that
 * has accepted the connection: how long that may take is the pool's own setting.
 */
export class ServerSocket extends Socket {
  private name = '';
  private patience?: NodeJS.Timeout;
  private isConnected = false;

  // pg calls it with a port and a host.
  override connect(...args: unknown[]): this {
    const [port, host] = args;
    if (typeof port !== 'number' || typeof host !== 'string') return super.connect(...(args as [number]));
    this.name = host;
    this.once('connect', () => this.reached());
    this.once('close', () => clearTimeout(this.patience));
    if (isIP(host)) this.waitForNetwork();
    return super.connect({ port, host, lookup: this.lookup });
  }

  private readonly lookup: LookupFunction = (name, { all }, answer) => {
    names.resolve(name).then(
      (addresses) => {
        this.waitForNetwork();
        if (all) return answer(null, addresses);
        const { address, family } = addresses[0] as LookupAddress;
        answer(null, address, family);
      },
      (error) => answer(error, []),
    );
  };

  private waitForNetwork(): void {
    this.patience = setTimeout(() => {
      const silent = Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT', syscall: 'connect' });
      this.destroy(silent);
    }, NETWORK_PATIENCE_MS);
    this.once('error', () => {
      if (!this.isConnected) names.forget(this.name);
    });
  }

  private reached(): void {
    clearTimeout(this.patience);
    this.isConnected = true;
  }
}

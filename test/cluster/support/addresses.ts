import { get, type Resource } from './kubectl.ts';
import type { Release, ServiceName } from './release.ts';

/** Addresses of the services from outside, through NodePorts that the cluster chose. */
export class Addresses {
  private readonly host: string;
  /** The node's address of the other family; undefined if there is none. */
  readonly otherHost: string | undefined;

  private constructor(host: string, otherHost?: string) {
    this.host = host;
    this.otherHost = otherHost;
  }

  /** @param given an address of a node to use instead of the first node's own */
  static async find(given?: string): Promise<Addresses> {
    if (given) return new Addresses(given);
    const { items } = await get('nodes');
    const own: string[] = items[0].status.addresses
      .filter(({ type }: Resource) => type === 'InternalIP')
      .map(({ address }: Resource) => address);
    const [first = 'localhost', second] = own;
    return new Addresses(first, second);
  }

  async of(
    release: Release,
    service: ServiceName | `${ServiceName}-control` | 'console',
    host = this.host,
  ): Promise<string> {
    return `http://${host.includes(':') ? `[${host}]` : host}:${await release.nodePort(service)}`;
  }

  /** The address of a read for each service, which runs one statement. */
  async reads(release: Release): Promise<string[]> {
    const [product, inventory, order] = await Promise.all([
      this.of(release, 'product-service'),
      this.of(release, 'inventory-service'),
      this.of(release, 'order-service'),
    ]);
    return [
      `${product}/products/5`,
      `${inventory}/inventory/check/5`,
      `${order}/orders/popular-products?limit=5`,
    ];
  }
}

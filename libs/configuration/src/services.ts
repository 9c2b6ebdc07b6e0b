/** One service: everything that other code needs to know of it. */
interface ServiceEntry {
  /** Its folder below apps/, and its name on the command line. */
  readonly key: string;
  /** Its name in PostgreSQL and in telemetry. */
  readonly name: string;
  /** The port on which it listens by default. */
  readonly port: number;
  /** A request that it answers with one statement, with several rows if it has such; checks use the service by it. */
  readonly reads: string;
  /** Number of its colour on the console's page. */
  readonly color: number;
}

/** The services, in the order of their ports. A new one is a folder below apps/, an entry here, and one in the chart. */
export const ALL_SERVICES = [
  { key: 'product', name: 'product-service', port: 30_010, reads: '/products?limit=5', color: 0 },
  { key: 'inventory', name: 'inventory-service', port: 30_015, reads: '/inventory/check/5', color: 1 },
  { key: 'order', name: 'order-service', port: 30_016, reads: '/orders/popular-products?limit=5', color: 2 },
] as const satisfies readonly ServiceEntry[];

export type ServiceKey = (typeof ALL_SERVICES)[number]['key'];

/** The environment variable that chooses the port of a service, or of the console, for `npm start` and the commands. */
export type PortVariable = `${Uppercase<ServiceKey | 'console'>}_PORT`;
/** The environment variable that gives the console the address of a service. */
export type UrlVariable = `${Uppercase<ServiceKey>}_URL`;

/** The console, which is configured like a service but is not one. */
export const CONSOLE = { key: 'console', name: 'console', port: 30_017, otlpPort: 4_318 } as const;

/** @throws if there is no service with that key */
export function serviceOf(key: ServiceKey): (typeof ALL_SERVICES)[number] {
  const found = ALL_SERVICES.find((service) => service.key === key);
  if (!found) throw new Error(`there is no service ${key}`);
  return found;
}

export function portVariable(key: ServiceKey | 'console'): PortVariable {
  return `${upper(key)}_PORT`;
}

export function urlVariable(key: ServiceKey): UrlVariable {
  return `${upper(key)}_URL`;
}

/** Maps each service to something, by its key. */
export function forEachService<T>(of: (service: (typeof ALL_SERVICES)[number]) => T): Record<ServiceKey, T> {
  const pairs = ALL_SERVICES.map((service) => [service.key, of(service)] as const);
  return Object.fromEntries(pairs) as Record<ServiceKey, T>;
}

function upper<Key extends string>(key: Key): Uppercase<Key> {
  return key.toUpperCase() as Uppercase<Key>;
}

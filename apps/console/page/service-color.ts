const KNOWN = ['product-service', 'inventory-service', 'order-service'];

/** Name of a service's colour in the theme: the three have their own, anybody else shares one. */
export function serviceColor(service: string): string {
  return KNOWN.includes(service) ? service.replace('-service', '') : 'other';
}

/** Those that are always shown, in the order of their ports, then any others. */
export function inOrder(services: readonly string[]): string[] {
  return [...KNOWN, ...services.filter((service) => !KNOWN.includes(service)).sort()];
}

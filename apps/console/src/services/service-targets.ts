/** The three services, by the short name that the page and the command line use. */
export const SERVICES = ['product', 'inventory', 'order'] as const;

export type ServiceKey = (typeof SERVICES)[number];

/** Where a service is. */
export interface Targets extends Record<ServiceKey, string> {}

/** As the service calls itself in PostgreSQL and in telemetry. */
export function serviceName(key: ServiceKey): string {
  return `${key}-service`;
}

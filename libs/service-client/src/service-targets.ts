import { ALL_SERVICES, type ServiceKey, serviceOf } from '@app/configuration';

export type { ServiceKey };

/** The services, by the short name that the page and the command line use. */
export const SERVICES: readonly ServiceKey[] = ALL_SERVICES.map(({ key }) => key);

/** The addresses of the services. */
export interface Targets extends Record<ServiceKey, string> {}

/** The name of a service in PostgreSQL and in telemetry. */
export function serviceName(key: ServiceKey): string {
  return serviceOf(key).name;
}

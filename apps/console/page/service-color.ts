import { view } from './live';

/** Name of a service's colour in the theme: those of the demo have their own, all others share one. */
export function serviceColor(service: string): string {
  const known = view.value?.services.find((one) => one.service === service);
  return known ? `service-${known.color}` : 'other';
}

/** The services that are always shown, in the order of their ports, then any others. */
export function inOrder(services: readonly string[]): string[] {
  const known = view.value?.services.map(({ service }) => service) ?? [];
  return [...known, ...services.filter((service) => !known.includes(service)).sort()];
}

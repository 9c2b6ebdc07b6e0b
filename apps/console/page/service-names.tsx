import { short } from './format';
import { serviceColor } from './service-color';

/** Names with their colours. */
export function ServiceNames({ services }: { services: string[] }) {
  return (
    <span class="services">
      {services.map((service) => (
        <span key={service} title={service}>
          <i class={`dot ${serviceColor(service)}`} /> {short(service)}
        </span>
      ))}
    </span>
  );
}

import { short } from './format';
import { serviceColor } from './service-color';

/** Names that are shown side by side; further ones are shown as a number. */
const MOST = 3;

/** Names with their colours. */
export function ServiceNames({ services, total = services.length }: { services: string[]; total?: number }) {
  const more = total - Math.min(MOST, services.length);
  return (
    <span class="services" title={services.join(', ')}>
      {services.slice(0, MOST).map((service) => (
        <span key={service}>
          <i class={`dot ${serviceColor(service)}`} /> {short(service)}
        </span>
      ))}
      {more > 0 && <span class="hint">and {more} more</span>}
    </span>
  );
}

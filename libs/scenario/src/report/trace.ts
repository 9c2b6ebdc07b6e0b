import type { Run } from '../run/run';
import { html, type Markup } from './markup';

const [WIDTH, ROW, NAMES] = [960, 18, 330];

/** Services with a colour of their own, which is the same on the console's page. */
const OWN = ['product-service', 'inventory-service', 'order-service'];
/** The colours of all other services. */
const OTHERS = ['c8', 'c4', 'c6', 'c7'];

/** A trace as bars under each other. */
export function trace({ title, trace_id, spans }: Run['traces'][number]): Markup {
  const length = Math.max(1, ...spans.map(({ from, ms }) => from + ms));
  const services = [...new Set(spans.map(({ service }) => service))];
  const others = services.filter((service) => !OWN.includes(service));
  const colorOf = (service: string) =>
    OWN.includes(service) ? `s${OWN.indexOf(service) + 1}` : OTHERS[others.indexOf(service) % OTHERS.length];
  const x = (ms: number) => NAMES + (ms / length) * (WIDTH - NAMES - 60);
  const rows = spans.map(({ name, service, depth, from, ms, failed }, row) => {
    const color = failed ? 'failed' : colorOf(service);
    const width = Math.max(1.5, x(from + ms) - x(from));
    const text = `${' '.repeat(depth * 2)}${name}`.slice(0, 52);
    return html`<text class="name" x="${4 + depth * 8}" y="${row * ROW + 13}">${text.trim()}</text><rect class="span ${color}" x="${x(from).toFixed(1)}" y="${row * ROW + 4}" width="${width.toFixed(1)}" height="11" rx="2"/><text class="axis" x="${Math.min(x(from) + width + 4, WIDTH - 56).toFixed(1)}" y="${row * ROW + 13}">${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms</text>`;
  });
  return html`<figure><figcaption>${title}<small>trace ${trace_id}</small></figcaption><svg viewBox="0 0 ${WIDTH} ${spans.length * ROW + 4}" role="img" aria-label="${title}">${rows}</svg>
<ul class="legend">${services.map((service) => html`<li><i class="${colorOf(service)}"></i>${service}</li>`)}</ul></figure>`;
}

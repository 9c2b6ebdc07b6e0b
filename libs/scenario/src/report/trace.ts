import type { Run } from '../run/run';
import { html, type Markup } from './markup';

const [WIDTH, ROW, NAMES] = [960, 18, 330];

/** A trace as bars under each other. */
export function trace({ title, trace_id, spans }: Run['traces'][number]): Markup {
  const length = Math.max(1, ...spans.map(({ from, ms }) => from + ms));
  const services = [...new Set(spans.map(({ service }) => service))];
  const x = (ms: number) => NAMES + (ms / length) * (WIDTH - NAMES - 60);
  const rows = spans.map(({ name, service, depth, from, ms, failed }, row) => {
    const color = failed ? 'failed' : `c${1 + (services.indexOf(service) % 8)}`;
    const width = Math.max(1.5, x(from + ms) - x(from));
    const text = `${' '.repeat(depth * 2)}${name}`.slice(0, 52);
    return html`<text class="name" x="${4 + depth * 8}" y="${row * ROW + 13}">${text.trim()}</text><rect class="span ${color}" x="${x(from).toFixed(1)}" y="${row * ROW + 4}" width="${width.toFixed(1)}" height="11" rx="2"/><text class="axis" x="${Math.min(x(from) + width + 4, WIDTH - 56).toFixed(1)}" y="${row * ROW + 13}">${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms</text>`;
  });
  return html`<figure><figcaption>${title}<small>trace ${trace_id}</small></figcaption><svg viewBox="0 0 ${WIDTH} ${spans.length * ROW + 4}" role="img" aria-label="${title}">${rows}</svg>
<ul class="legend">${services.map((service, index) => html`<li><i class="c${1 + (index % 8)}"></i>${service}</li>`)}</ul></figure>`;
}

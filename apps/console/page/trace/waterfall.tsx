import type { SpanView } from '../../src/spans/span-view';
import { duration, short } from '../format';
import { serviceColor } from '../service-color';
import { opened, showSpan } from './opened';
import { inTree } from './tree';

/** Characters from which a value gets a line of its own. */
const LONG = 30;

/** The spans of a trace below each other, each at its position in time. */
export function Waterfall({ spans }: { spans: SpanView[] }) {
  const begin = Math.min(...spans.map(({ startMs }) => startMs));
  const end = Math.max(...spans.map(({ startMs, durationMs }) => startMs + durationMs));
  const share = (ms: number) => `${(ms / Math.max(end - begin, 0.001)) * 100}%`;
  const services = new Set(spans.map(({ service }) => service)).size;
  return (
    <>
      <h3>
        {spans.length} spans · {services} {services === 1 ? 'service' : 'services'} · {duration(end - begin)}
      </h3>
      <ol class="waterfall">
        {inTree(spans).map(({ span, depth }) => (
          <li key={span.spanId}>
            <button
              type="button"
              aria-current={opened.value?.spanId === span.spanId}
              onClick={() => showSpan(span.spanId)}
            >
              <span class="name" style={{ paddingLeft: `${depth * 14}px` }}>
                <i class={`dot ${serviceColor(span.service)}`} /> <em>{short(span.service)}</em> {span.name}
              </span>
              <span class="track">
                <i
                  class={`bar ${serviceColor(span.service)} ${span.kind.toLowerCase()} ${span.status === 'ERROR' ? 'failed' : ''}`}
                  style={{ left: share(span.startMs - begin), width: share(span.durationMs) }}
                />
              </span>
              <span class={`took ${span.status === 'ERROR' ? 'bad' : ''}`}>{duration(span.durationMs)}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

/** All attributes of a span. */
export function Attributes({ span }: { span: SpanView }) {
  const facts = { service: span.service, kind: span.kind, status: span.status, ...span.attributes };
  return (
    <>
      <h3>{span.name}</h3>
      <dl class="attributes">
        {Object.entries(facts).map(([name, value]) => (
          <div key={name} class={String(value).length > LONG ? 'long' : ''}>
            <dt>{name}</dt>
            <dd>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

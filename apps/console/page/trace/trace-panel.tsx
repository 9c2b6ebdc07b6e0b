import { useEffect, useRef } from 'preact/hooks';
import type { ExecutionView } from '../../src/spans/span-view';
import { clock, duration, short } from '../format';
import { serviceColor } from '../service-color';
import { closeTrace, opened, openTrace } from './opened';
import { Attributes, Waterfall } from './waterfall';

/** A query's latest executions, and the trace of one of them. */
export function TracePanel() {
  const panel = useRef<HTMLDialogElement>(null);
  const isOpen = opened.value !== undefined;
  useEffect(() => {
    if (isOpen) panel.current?.showModal();
  }, [isOpen]);
  if (!opened.value) return null;
  const { statement, spans, trace, spanId } = opened.value;
  const shown = trace.find((span) => span.spanId === spanId);
  return (
    <dialog ref={panel} aria-labelledby="trace-title" onClose={closeTrace}>
      <div class="card-head">
        <h2 id="trace-title">Query</h2>
        <button type="button" class="button" aria-label="Close" onClick={closeTrace}>
          Close <kbd>Esc</kbd>
        </button>
      </div>
      <code class="statement-text">{statement}</code>
      <div class="trace-columns">
        <nav aria-label="Latest executions">
          <h3>Latest executions</h3>
          {spans.length === 0 && <p class="hint">None of them is kept any more.</p>}
          <ul class="scrolls">
            {spans.map((span) => (
              <Execution key={span.spanId} span={span} current={trace[0]?.traceId === span.traceId} />
            ))}
          </ul>
        </nav>
        <div class="trace">
          {trace.length > 0 && <Waterfall spans={trace} />}
          {shown && <Attributes span={shown} />}
        </div>
      </div>
    </dialog>
  );
}

function Execution({ span, current }: { span: ExecutionView; current: boolean }) {
  const failed = span.status === 'ERROR';
  return (
    <li>
      <button type="button" class="link" aria-current={current} onClick={() => openTrace(span)}>
        <i class={`dot ${serviceColor(span.service)}`} />
        <span class="name">{short(span.service)}</span>
        <span class="hint">{span.traceSpans} spans</span>
        <span>{clock(span.startMs)}</span>
        <b class={failed ? 'bad' : ''}>
          {failed ? String(span.attributes['error.type'] ?? 'failed') : duration(span.durationMs)}
        </b>
      </button>
    </li>
  );
}

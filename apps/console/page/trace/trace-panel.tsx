import { signal } from '@preact/signals';
import type { ExecutionView } from '../../src/spans/span-view';
import { Dialog } from '../dialog';
import { clock, duration, short } from '../format';
import { Scrolls } from '../scrolls';
import { serviceColor } from '../service-color';
import { Logs } from './logs';
import { closeTrace, opened, openTrace } from './opened';
import { Plan } from './plan';
import { TraceLink } from './trace-link';
import { Attributes, Waterfall } from './waterfall';

const failedOnly = signal(false);

/** A query's executions, those that failed first, and the trace of one of them. */
export function TracePanel() {
  if (!opened.value) return null;
  const { statement, spans, trace, logs, spanId } = opened.value;
  const begin = Math.min(...trace.map(({ startMs }) => startMs));
  const shown = trace.find((span) => span.spanId === spanId);
  const listed = failedOnly.value ? spans.filter(({ status }) => status === 'ERROR') : spans;
  return (
    <Dialog title="Query" onClose={closeTrace}>
      <Scrolls label="Text of the query" class="statement-text">
        <code>{statement}</code>
      </Scrolls>
      <Plan key={statement} path={`/api/plans?${new URLSearchParams({ statement })}`} />
      <div class="trace-columns">
        <nav aria-label="Executions">
          <h3>Executions: failed, then slowest</h3>
          <label class="hint">
            <input
              type="checkbox"
              checked={failedOnly.value}
              onChange={({ currentTarget }) => {
                failedOnly.value = currentTarget.checked;
              }}
            />{' '}
            failed only
          </label>
          {listed.length === 0 && <p class="hint">None of them is kept any more.</p>}
          <Scrolls label="List of executions">
            <ul>
              {listed.map((span) => (
                <Execution key={span.spanId} span={span} current={trace[0]?.traceId === span.traceId} />
              ))}
            </ul>
          </Scrolls>
        </nav>
        <Scrolls label="Trace" class="trace">
          {trace[0] && <TraceLink traceId={trace[0].traceId} />}
          {trace.length > 0 && <Waterfall spans={trace} />}
          {trace.length > 0 && <Logs logs={logs} begin={begin} />}
          {shown && <Attributes span={shown} />}
        </Scrolls>
      </div>
    </Dialog>
  );
}

function Execution({ span, current }: { span: ExecutionView; current: boolean }) {
  const failed = span.status === 'ERROR';
  return (
    <li>
      <button type="button" class="link" aria-current={current} onClick={() => openTrace(span)}>
        <i class={`dot ${serviceColor(span.service)}`} />
        <span class="name cut">{short(span.service)}</span>
        <span class="hint">{span.traceSpans} spans</span>
        <span>{clock(span.startMs)}</span>
        <b class={failed ? 'bad' : ''}>
          {failed ? String(span.attributes['error.type'] ?? 'failed') : duration(span.durationMs)}
        </b>
      </button>
    </li>
  );
}

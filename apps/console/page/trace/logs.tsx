import type { LogView } from '../../src/logs/log-store';
import { duration, short } from '../format';
import { serviceColor } from '../service-color';
import { showSpan } from './opened';

/** Log records of a trace, each with its time from the beginning and a button for its span. */
export function Logs({ logs, begin }: { logs: LogView[]; begin: number }) {
  if (logs.length === 0) return <p class="hint">No log record of this trace has come.</p>;
  return (
    <>
      <h3>{logs.length === 1 ? '1 log record' : `${logs.length} log records`}</h3>
      <ol class="logs">
        {logs.map(({ spanId, service, atMs, severity, bad, text }) => (
          <li key={`${atMs} ${spanId} ${text}`}>
            <span class="took">{duration(Math.max(0, atMs - begin))}</span>
            <b class={bad ? 'bad' : 'hint'}>{severity}</b>
            <button type="button" class="link" onClick={() => showSpan(spanId)}>
              <i class={`dot ${serviceColor(service)}`} /> {short(service)}
            </button>
            <span class="said">{text}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

import type { StartedProcess } from '../src/services/started-processes';
import { whole } from './format';
import { view } from './live';

const mebibytes = (bytes: number) => whole(Math.round(bytes / 1_024 / 1_024));

/** Where the numbers come from, and what they do not include. */
export function Foot() {
  const live = view.value;
  if (!live) return null;
  const { spans, received, catalog, processes } = live;
  const restarted = processes.filter(({ restarts, up }) => restarts > 0 || !up);
  const dropped = `${whole(spans.dropped)} spans pushed out early or too large, ${whole(catalog.uncounted)} in no figure, ${whole(received.invalid)} payloads refused`;
  return (
    <footer>
      <span>
        Figures: OTLP from the services ({whole(received.traces)} spans received, {whole(received.metrics)}{' '}
        data points, {whole(received.logs)} log records) and pg_stat_activity
      </span>
      <span>
        Kept: {whole(spans.kept)} of at most {whole(spans.cap)} spans, {mebibytes(spans.bytes)} of{' '}
        {mebibytes(spans.cap_bytes)} MiB, {whole(spans.reaches_back_s)} s back; {dropped}
      </span>
      {restarted.length > 0 && (
        <span>Started again by npm start: {restarted.map(restartText).join('; ')}</span>
      )}
    </footer>
  );
}

function restartText({ name, up, restarts, ended, ended_at = 0 }: StartedProcess): string {
  const times = restarts === 1 ? 'once' : `${whole(restarts)} times`;
  const at = new Date(ended_at).toLocaleTimeString();
  return `${name} ${times}, last ended at ${at} (${ended})${up ? '' : ', not back yet'}`;
}

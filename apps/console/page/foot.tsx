import { whole } from './format';
import { view } from './live';

/** Where the figures come from, and what is not in them. */
export function Foot() {
  const live = view.value;
  if (!live) return null;
  const { spans, received, forward, catalog } = live;
  const dropped = `${whole(spans.dropped)} spans pushed out early, ${whole(catalog.uncounted)} in no figure, ${whole(received.invalid)} payloads refused`;
  return (
    <footer>
      <span>
        Figures: OTLP from the services ({whole(received.traces)} spans received, {whole(received.metrics)}{' '}
        data points, {whole(received.logs)} log records) and pg_stat_activity
      </span>
      <span>
        Kept: {whole(spans.kept)} of at most {whole(spans.cap)} spans, {whole(spans.reaches_back_s)} s back;{' '}
        {dropped}
      </span>
      {forward.endpoint && (
        <span>
          Forwarding to {forward.endpoint}: {whole(forward.sent)} sent, {whole(forward.failed)} failed,{' '}
          {whole(forward.dropped)} dropped
        </span>
      )}
    </footer>
  );
}

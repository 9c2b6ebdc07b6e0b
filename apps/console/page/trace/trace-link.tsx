import { view } from '../live';
import { say } from '../message';

/** A trace's id, to be copied, and a link to another product if a template names one. */
export function TraceLink({ traceId }: { traceId: string }) {
  const template = view.value?.trace_url;
  const copy = async () => {
    await navigator.clipboard.writeText(traceId).then(
      () => say('The trace id is copied.'),
      () => say(`It cannot be copied here: ${traceId}`, 'bad'),
    );
  };
  return (
    <span class="trace-link">
      <code>{traceId}</code>{' '}
      <button type="button" class="button" onClick={copy}>
        Copy
      </button>
      {template && (
        <a
          class="button"
          href={template.replaceAll('{trace_id}', traceId)}
          target="_blank"
          rel="noopener noreferrer"
        >
          Open ↗
        </a>
      )}
    </span>
  );
}

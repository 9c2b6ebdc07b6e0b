import type { FaultState } from '../../src/services/service-watch';
import { ttlSeconds } from '../actions';
import { countdown, whole } from '../format';

/** A fault that is on: asked and measured side by side, and how long it still lasts. */
export function Effect({ fault, service }: { fault: FaultState; service: string }) {
  const { expires_in_seconds = 0, effective } = fault;
  return (
    <p class={`effect ${effective === false ? 'bad' : ''}`} title={fault.detail}>
      <span>{effective === false ? fault.detail : inShort(fault)}</span>
      <time title="Time until it ends by itself">{countdown(expires_in_seconds)}</time>
      <progress
        aria-label={`Time left of ${fault.fault} on ${service}`}
        max={Math.max(ttlSeconds.value, expires_in_seconds)}
        value={expires_in_seconds}
      />
    </p>
  );
}

/** One line; the service's own sentence is longer. */
function inShort({ fault, asked, measured, detail }: FaultState): string | undefined {
  if (fault !== 'slow-queries') return detail;
  const added = measured?.added_ms;
  const result = added === undefined ? 'no statement since' : `measured +${whole(Number(added))} ms`;
  return `asked +${whole(Number(asked?.delay_ms))} ms, ${result}`;
}

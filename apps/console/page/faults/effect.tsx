import type { FaultState } from '@app/service-client';
import { countdown } from '../format';

/** A fault that is on: requested and measured values in the service's own words, and how long it still lasts. */
export function Effect({ title, fault }: { title: string; fault: FaultState }) {
  const { expires_in_seconds = 0, effective, detail } = fault;
  return (
    <p class={`effect ${effective === false ? 'bad' : ''}`} title={detail}>
      <b class="effect-title">{title}</b>
      <time title="Time until it ends by itself">{countdown(expires_in_seconds)}</time>
      <span class={`effect-detail ${effective === false ? '' : 'as-asked'}`}>{detail}</span>
    </p>
  );
}

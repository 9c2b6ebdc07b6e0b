import type { ServiceShare } from '../../src/budget/budget-view';
import { duration, rate, short } from '../format';
import { view } from '../live';
import { inOrder, serviceColor } from '../service-color';

/** Marks of a service that are drawn, in three rows; the total number that waits is above them. */
const MOST_MARKS = 36;
const MOST_LOST = 8;

/** Requests that wait for a connection, one mark for each, the first on the right; and those that gave up with a 503. */
export function Queue({ services }: { services: ServiceShare[] }) {
  return (
    <div class="queue">
      {inOrder(services.map(({ service }) => service))
        .filter((name) => isShown(name, services))
        .map((name) => (
          <Lane key={name} name={name} share={services.find(({ service }) => service === name)} />
        ))}
    </div>
  );
}

/** A program that has connections but no queue needs no lane. */
function isShown(name: string, services: readonly ServiceShare[]): boolean {
  const known = view.value?.services.some(({ service }) => service === name);
  return known || services.some(({ service, processes }) => service === name && processes > 0);
}

function Lane({ name, share }: { name: string; share?: ServiceShare }) {
  const waiting = share?.waiting ?? 0;
  const oldest = view.value?.services.find(({ service }) => service === name)?.queue.oldest_wait_ms ?? 0;
  const lost = view.value?.gave_up[name] ?? 0;
  return (
    <section class="lane" aria-label={`Queue of ${name}`}>
      <p>
        <span class="who">
          <i class={`dot ${serviceColor(name)}`} /> {short(name)}
        </span>
        <b class={waiting > 0 ? 'bad' : ''}>{waiting}</b>
      </p>
      <div class="marks" aria-hidden="true">
        {Array.from({ length: Math.min(waiting, MOST_MARKS) }, (_, index) => (
          <i key={index} class={`mark-waiting ${serviceColor(name)}`} />
        ))}
      </div>
      <p class="hint">
        {waiting > 0 && oldest > 0 && <span>first: {duration(oldest)}</span>}
        {lost > 0 && (
          <span class="bad">
            <span aria-hidden="true">{'✕'.repeat(Math.min(MOST_LOST, Math.ceil(lost)))} </span>
            {rate(lost)}/s get 503
          </span>
        )}
      </p>
    </section>
  );
}

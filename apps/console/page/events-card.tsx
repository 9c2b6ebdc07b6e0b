import { clock, countdown, short } from './format';
import { view } from './live';
import { Scrolls } from './scrolls';

/** What began and ended: faults that were switched, and causes that the diagnosis named. */
export function EventsCard() {
  const bands = view.value?.bands ?? [];
  return (
    <section class="card events grows" aria-labelledby="events-title">
      <h2 id="events-title">Events</h2>
      {bands.length === 0 && <p class="hint">Nothing has happened in the last quarter of an hour.</p>}
      <Scrolls label="Events, the latest first">
        <ul>
          {bands.toReversed().map(({ kind, title, service, from, to }) => (
            <li key={`${kind} ${title} ${service} ${from}`} class={kind}>
              <time>{clock(from)}</time>{' '}
              <span>
                {kind === 'fault' ? `${title} on ${short(service ?? '')}` : `Named: ${title}`}{' '}
                <span class="hint">
                  {to === undefined ? 'still on' : `for ${countdown((to - from) / 1_000)}`}
                </span>
              </span>
            </li>
          ))}
        </ul>
      </Scrolls>
    </section>
  );
}

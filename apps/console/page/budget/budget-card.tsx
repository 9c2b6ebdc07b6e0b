import { LittlesLawLine } from '../littles-law';
import { budget } from '../live';
import { Grid } from './grid';
import { Queue } from './queue';
import { STATES } from './states';

/** The budget as one square per connection, and in front of it the requests that wait for one. */
export function BudgetCard() {
  const { max = 100, open = 0, slots = [], services = [] } = budget.value ?? {};
  const waiting = services.reduce((sum, share) => sum + share.waiting, 0);
  return (
    <section class="card budget" aria-labelledby="budget-title">
      <div class="card-head">
        <p class="figure">
          <b id="waiting-requests" class={waiting > 0 ? 'bad' : ''}>
            {waiting}
          </b>{' '}
          waiting
        </p>
        <span class="space" />
        <h2 id="budget-title">Connections</h2>
        <p class="figure">
          <b id="open-connections">{open}</b> of {max}
        </p>
      </div>
      <div class="queue-and-grid">
        <Queue services={services} />
        <Grid max={max} slots={slots} />
      </div>
      <ul class="legend" aria-label="States of a connection">
        {Object.entries(STATES).map(([state, label]) => (
          <li key={state}>
            <i class={`slot ${state} other`} /> {label}
          </li>
        ))}
      </ul>
      <LittlesLawLine />
    </section>
  );
}

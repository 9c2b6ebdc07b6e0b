import type { ServiceShare, Slot } from '../../src/budget/budget-view';
import { short } from '../format';
import { budget } from '../live';
import { inOrder, serviceColor } from '../service-color';

const STATES: Record<Slot['state'] | 'free', string> = {
  free: 'free',
  idle: 'idle',
  active: 'in use',
  held: 'held by fault',
  lock: 'waits on lock',
  transaction: 'open transaction',
};

const NOTHING = { open: 0, active: 0, idle: 0, held: 0, lock: 0, waiting: 0, processes: 0 };

/** The budget as one square per connection, with the queue of each service. */
export function BudgetCard() {
  const { max = 100, open = 0, slots = [], services = [] } = budget.value ?? {};
  return (
    <section class="card budget" aria-labelledby="budget-title">
      <div class="card-head">
        <h2 id="budget-title">Connection budget</h2>
        <p class="figure">
          <b id="open-connections">{open}</b> of {max}
        </p>
      </div>
      <Grid max={max} slots={slots} />
      <ul class="legend" aria-label="States of a connection">
        {Object.entries(STATES).map(([state, label]) => (
          <li key={state}>
            <i class={`slot ${state} other`} /> {label}
          </li>
        ))}
      </ul>
      <Queues services={services} />
    </section>
  );
}

function Grid({ max, slots }: { max: number; slots: Slot[] }) {
  const bySlot = new Map(slots.map((slot) => [slot.slot, slot]));
  const held = slots.filter(({ state }) => state === 'held').length;
  return (
    <div
      class="slots"
      role="img"
      aria-label={`${slots.length} of ${max} connections open, ${held} held by a fault`}
    >
      {Array.from({ length: Math.max(max, slots.length) }, (_, index) => {
        const slot = bySlot.get(index);
        if (!slot) return <i key={index} class="slot free" />;
        const title = `${slot.service}: ${STATES[slot.state]} (pid ${slot.pid})`;
        return <i key={index} class={`slot ${slot.state} ${serviceColor(slot.service)}`} title={title} />;
      })}
    </div>
  );
}

function Queues({ services }: { services: ServiceShare[] }) {
  return (
    <table class="queues">
      <caption class="unseen">Connections and queue of each service</caption>
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">in use</th>
          <th scope="col">idle</th>
          <th scope="col">held</th>
          <th scope="col">waiting</th>
        </tr>
      </thead>
      <tbody>
        {inOrder(services.map(({ service }) => service)).map((name) => {
          const share = services.find(({ service }) => service === name) ?? { ...NOTHING, service: name };
          return (
            <tr key={name}>
              <th scope="row">
                <i class={`dot ${serviceColor(name)}`} /> {short(name)}
              </th>
              <td>{share.active + share.lock}</td>
              <td>{share.idle}</td>
              <td class={share.held > 0 ? 'bad' : ''}>{share.held}</td>
              <td class={share.waiting > 0 ? 'bad' : ''}>{share.waiting}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

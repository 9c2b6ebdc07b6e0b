import { Effect } from '../faults/effect';
import { short } from '../format';
import { view } from '../live';

/** What is on purpose: the faults that are on, each with what was asked and what was measured. */
export function Switches() {
  const on = (view.value?.services ?? []).flatMap(({ service, faults }) =>
    faults.filter(({ enabled }) => enabled).map((fault) => ({ service, fault })),
  );
  const titleOf = (name: string) => view.value?.faults.find((one) => one.name === name)?.title ?? name;
  return (
    <section class="switches" aria-label="Switched on">
      {on.length === 0 ? (
        <p class="hint">No fault is switched on.</p>
      ) : (
        <ul class={on.length > 2 ? 'effects-many' : `effects-${on.length}`}>
          {on.map(({ service, fault }) => (
            <li key={`${service} ${fault.fault}`}>
              <Effect title={`${titleOf(fault.fault)} on ${short(service)}`} fault={fault} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

import type { ServiceState } from '../../src/services/service-watch';
import { connections, delayMs, exhaust, reset, slow } from '../actions';
import { Button } from '../button';
import { short } from '../format';
import { view } from '../live';
import { serviceColor } from '../service-color';
import { Effect } from './effect';
import { FaultSettings } from './fault-settings';

/** Faults, service by service: the switch, and what it did. */
export function FaultsCard() {
  const services = view.value?.services ?? [];
  const anyOn = services.some(({ faults }) => faults.some(({ enabled }) => enabled));
  const possible = services.some(({ up, chaos_enabled }) => up && chaos_enabled);
  return (
    <section class="card faults" aria-labelledby="faults-title">
      <div class="card-head">
        <h2 id="faults-title">Faults</h2>
        <Button
          label="Reset all faults"
          hotkey="R"
          kind="calm"
          because={anyOn ? undefined : 'No fault is on: there is nothing to reset.'}
          onPress={() => reset('all')}
        >
          Reset all
        </Button>
      </div>
      <FaultSettings />
      {services.map((state, index) => (
        <Row key={state.key} state={state} index={index} />
      ))}
      <div class="fault-row">
        <span class="who">all three</span>
        <Button
          label={`Slow queries on all services, ${delayMs.value} ms`}
          hotkey="4"
          kind="fault"
          because={possible ? undefined : 'No service answers, or faults are switched off.'}
          onPress={() => slow('all')}
        >
          Slow
        </Button>
        <span class="hint">one service at a time can exhaust the pool</span>
      </div>
    </section>
  );
}

function Row({ state, index }: { state: ServiceState; index: number }) {
  const on = state.faults.filter(({ enabled }) => enabled);
  const isOn = (name: string) => on.some(({ fault }) => fault === name);
  return (
    <div class="fault-row">
      <span class="who">
        <i class={`dot ${serviceColor(state.service)}`} /> {short(state.service)}
      </span>
      <Button
        label={`Slow queries on ${state.service}, ${delayMs.value} ms`}
        hotkey={String(index + 1)}
        kind="fault"
        pressed={isOn('slow-queries')}
        because={refusal(state)}
        onPress={() => slow(state.key)}
      >
        Slow
      </Button>
      <Button
        label={`Exhaust the pool from ${state.service}, ${connections.value} connections`}
        hotkey={String(index + 5)}
        kind="fault"
        pressed={isOn('pool-exhaustion')}
        because={refusal(state) ?? heldElsewhere(state)}
        onPress={() => exhaust(state.key)}
      >
        Exhaust
      </Button>
      <Button
        label={`Reset ${state.service}`}
        kind="calm"
        because={refusal(state) ?? (on.length > 0 ? undefined : `No fault is on at ${state.service}.`)}
        onPress={() => reset(state.key)}
      >
        Reset
      </Button>
      {on.map((fault) => (
        <Effect key={fault.fault} fault={fault} service={state.service} />
      ))}
    </div>
  );
}

/** Why nothing can be switched at a service. */
function refusal({ service, up, chaos_enabled, detail }: ServiceState): string | undefined {
  if (!up) return `${service} does not answer: ${detail}.`;
  return chaos_enabled ? undefined : `Faults are switched off at ${service} (CHAOS_ENABLED is false).`;
}

function heldElsewhere({ key }: ServiceState): string | undefined {
  const holder = view.value?.services.find(
    (other) =>
      other.key !== key && other.faults.some(({ fault, enabled }) => fault === 'pool-exhaustion' && enabled),
  );
  return holder && `${holder.service} holds connections already; reset it there first.`;
}

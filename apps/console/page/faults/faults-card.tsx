import type { ServiceState } from '../../src/services/service-watch';
import { chosen, reset, settings, start } from '../actions';
import { Button } from '../button';
import { short } from '../format';
import { view } from '../live';
import { serviceColor } from '../service-color';
import { FaultList } from './fault-list';
import { FaultSettings } from './fault-settings';

/** All faults, the chosen one with its sentence and settings, and a switch for each service. */
export function FaultsCard() {
  const services = view.value?.services ?? [];
  const possible = services.some(({ up, chaos_enabled }) => up && chaos_enabled);
  const { acts_on } = chosen.value ?? {};
  return (
    <section class="card faults" aria-labelledby="faults-title">
      <FaultList>
        {/* It is never refused: the squares show a fault up to a second before its service reports it. */}
        <Button hotkey="R" kind="calm" onPress={() => reset('all')}>
          Reset all
        </Button>
      </FaultList>
      <FaultSettings />
      <div class="fault-row">
        {services.map((state, index) => (
          <Switch key={state.key} state={state} index={index} />
        ))}
        {acts_on !== 'database' && (
          <Button
            label={`start ${whatItDoes()}`}
            hotkey={String(services.length + 1)}
            kind="fault"
            because={possible ? undefined : 'No service answers, or faults are switched off.'}
            onPress={() => start('all')}
          >
            All
          </Button>
        )}
      </div>
    </section>
  );
}

function Switch({ state, index }: { state: ServiceState; index: number }) {
  const on = state.faults.some(({ fault, enabled }) => enabled && fault === chosen.value?.name);
  const name = short(state.service);
  return (
    <Button
      label={`start ${whatItDoes()}`}
      hotkey={String(index + 1)}
      kind="fault"
      pressed={on}
      because={refusal(state) ?? heldElsewhere(state)}
      onPress={() => start(state.key)}
    >
      <i class={`dot ${serviceColor(state.service)}`} />
      <span class="cut">{name}</span>
    </Button>
  );
}

/** The chosen fault with its settings: `Slow queries, delay ms 2900`. */
function whatItDoes(): string {
  const values = Object.entries(settings.value)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`);
  return [chosen.value?.title ?? 'a fault', ...values].join(', ');
}

/** Why nothing can be switched on this service. */
function refusal({ service, up, chaos_enabled, detail }: ServiceState): string | undefined {
  if (!up) return `${service} does not answer: ${detail}.`;
  return chaos_enabled ? undefined : `Faults are switched off at ${service} (CHAOS_ENABLED is false).`;
}

function heldElsewhere({ key }: ServiceState): string | undefined {
  if (chosen.value?.acts_on !== 'database') return undefined;
  const holder = view.value?.services.find(
    (other) =>
      other.key !== key && other.faults.some(({ fault, enabled }) => fault === chosen.value?.name && enabled),
  );
  return holder && `${holder.service} holds this fault already; reset it there first.`;
}

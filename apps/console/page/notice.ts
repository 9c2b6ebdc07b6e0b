import { computed } from '@preact/signals';
import type { ServiceState } from '../src/services/service-watch';
import { duration, rate } from './format';
import { budget, connected, view } from './live';

/** One sentence for the audience: what happens, and what to look at. */
interface Notice {
  tone: 'good' | 'slow' | 'bad';
  title: string;
  text: string;
}

/** The most important thing that can be seen now. */
export const notice = computed<Notice>(() => broken() ?? exhausted() ?? slowed() ?? crowded() ?? atRest());

function broken(): Notice | undefined {
  if (!connected.value)
    return { tone: 'bad', title: 'No contact', text: 'The console does not answer. Is it still running?' };
  const { trouble } = budget.value ?? {};
  if (trouble) return { tone: 'bad', title: 'PostgreSQL cannot be asked', text: trouble };
  const away = services().filter(({ up }) => !up);
  if (away.length === 0) return undefined;
  const text = away.map(({ service, detail }) => `${service}: ${detail}`).join(' ');
  return { tone: 'bad', title: `${away.length} of ${services().length} services do not answer`, text };
}

function exhausted(): Notice | undefined {
  const { max = 100, services: shares = [] } = budget.value ?? {};
  // What PostgreSQL counts, as the squares show it: what a service says of itself is up to a second older.
  const [holder] = shares.toSorted((one, other) => other.held - one.held);
  const held = shares.reduce((sum, share) => sum + share.held, 0);
  if (!holder || held === 0) return undefined;
  const waiting = shares.reduce((sum, share) => sum + share.waiting, 0);
  const queue =
    waiting > 0
      ? `${waiting} requests wait right now`
      : 'requests begin to queue as soon as they are more than that';
  const text = `All three services share the ${max - held} that are left: ${queue}, and whoever waits 3 s gets a 503.`;
  return { tone: 'bad', title: `${holder.service} holds ${held} of ${max} connections`, text };
}

function slowed(): Notice | undefined {
  const slow = services().filter(({ faults }) => isOn(faults, 'slow-queries'));
  const [first] = slow;
  if (!first) return undefined;
  const asked = Number(first.faults.find(({ fault }) => fault === 'slow-queries')?.asked?.delay_ms);
  const who = slow.length === 1 ? first.service : `${slow.length} services`;
  const text = `The time is spent inside PostgreSQL: query time climbs, and each connection is in use for longer.`;
  return { tone: 'slow', title: `Every query of ${who} takes ${duration(asked)} longer`, text };
}

function crowded(): Notice | undefined {
  const { open = 0, max = 100 } = budget.value ?? {};
  if (open < max * 0.95) return undefined;
  const text = 'No fault is on: the load alone uses the connections up.';
  return { tone: 'bad', title: `${open} of ${max} connections are taken`, text };
}

function atRest(): Notice {
  const { open = 0, max = 100 } = budget.value ?? {};
  const [database] = view.value?.catalog.databases ?? [];
  const queries = database
    ? `${rate(database.queries_per_second)} queries a second take ${duration(database.average_ms)} on average. Nobody waits.`
    : 'No query has arrived yet.';
  return { tone: 'good', title: `Normal: ${open} of ${max} connections open`, text: queries };
}

function services(): ServiceState[] {
  return view.value?.services ?? [];
}

function isOn(faults: ServiceState['faults'], name: string): boolean {
  return faults.some(({ fault, enabled }) => fault === name && enabled);
}

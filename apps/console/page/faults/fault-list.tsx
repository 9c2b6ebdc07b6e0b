import type { FaultDescription } from '@app/service-client';
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { choose, chooseNext, chosen } from '../actions';
import { Button } from '../button';
import { view } from '../live';
import { Scrolls } from '../scrolls';

const searched = signal('');

/** All faults by what they act on; a search shows those with the word in their name, title or sentence. */
export function FaultList({ children }: { children: ComponentChildren }) {
  const faults = view.value?.faults ?? [];
  const found = faults.filter(fits);
  const kinds = [...Map.groupBy(found, ({ kind }) => kind)];
  return (
    <>
      <div class="card-head faults-head">
        <h2 id="faults-title" class="unseen">
          Faults
        </h2>
        <input
          type="search"
          placeholder="Find a fault  /"
          aria-label="Search a fault"
          aria-keyshortcuts="/"
          data-key="/"
          value={searched.value}
          onInput={({ currentTarget }) => {
            searched.value = currentTarget.value;
            const [first] = faults.filter(fits);
            if (first) choose(first.name);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
          }}
        />
        <Button label="the fault before" hotkey="D" onPress={() => chooseNext(-1)}>
          ‹
        </Button>
        <Button label="the next fault" hotkey="F" onPress={() => chooseNext(1)}>
          ›
        </Button>
        {children}
      </div>
      <Scrolls label="All faults by what they act on" class="fault-list">
        {kinds.map(([kind, own]) => (
          <div key={kind} class="kind">
            <span class="hint">{kind}</span>
            <div class="of-kind">
              {own.map((fault) => (
                <Choice key={fault.name} fault={fault} />
              ))}
            </div>
          </div>
        ))}
        {found.length === 0 && <p class="hint">No fault has “{searched.value}” in its name or sentence.</p>}
      </Scrolls>
    </>
  );
}

function Choice({ fault }: { fault: FaultDescription }) {
  const { name, title, summary, available } = fault;
  const on = view.value?.services.some(({ faults }) =>
    faults.some((one) => one.fault === name && one.enabled),
  );
  return (
    <button
      type="button"
      class={`choice ${on ? 'on' : ''} ${available ? '' : 'unavailable'}`}
      aria-pressed={chosen.value?.name === name}
      title={summary}
      onClick={() => choose(name)}
    >
      {title}
      {on && <span class="unseen">, on</span>}
    </button>
  );
}

function fits({ name, title, summary, kind }: FaultDescription): boolean {
  return `${name} ${title} ${summary} ${kind}`.toLowerCase().includes(searched.value.trim().toLowerCase());
}

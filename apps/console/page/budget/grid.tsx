import { useRef } from 'preact/hooks';
import type { Slot } from '../../src/budget/budget-view';
import { serviceColor } from '../service-color';
import { openSession } from '../session/opened';
import { STATES } from './states';

const COLUMNS = 10;
const STEPS: Record<string, number> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -COLUMNS,
  ArrowDown: COLUMNS,
};

/** One square per connection; each opens its session. The Tab key stops at one of them, and arrows lead to the others. */
export function Grid({ max, slots }: { max: number; slots: Slot[] }) {
  const group = useRef<HTMLFieldSetElement>(null);
  const bySlot = new Map(slots.map((slot) => [slot.slot, slot]));
  const held = slots.filter(({ state }) => state === 'held').length;
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const from = Number((event.target as HTMLElement).dataset.slot);
    if (!step || Number.isNaN(from)) return;
    event.preventDefault();
    for (let to = from + step; to >= 0 && to < Math.max(max, slots.length); to += step) {
      const next = group.current?.querySelector<HTMLElement>(`[data-slot="${to}"]`);
      if (next) return next.focus();
    }
  };
  return (
    <fieldset class="slots" ref={group} onKeyDown={move}>
      <legend class="unseen">
        {slots.length} of {max} connections open, {held} held
      </legend>
      {Array.from({ length: Math.max(max, slots.length) }, (_, index) => {
        const slot = bySlot.get(index);
        if (!slot) return <i key={index} class="slot free" />;
        const title = `${slot.service}: ${STATES[slot.state]} (process ${slot.pid})`;
        return (
          <button
            key={index}
            type="button"
            class={`slot ${slot.state} ${serviceColor(slot.service)}`}
            data-slot={index}
            tabIndex={slot === slots[0] ? 0 : -1}
            aria-label={title}
            title={title}
            onClick={() => openSession(slot.pid)}
          />
        );
      })}
    </fieldset>
  );
}

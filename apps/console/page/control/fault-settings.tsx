import type { Signal } from '@preact/signals';
import { connections, delayMs, ttlSeconds } from '../actions';

const TTLS = [1, 5, 15, 60];

/** What the buttons below ask for. */
export function FaultSettings() {
  return (
    <div class="settings">
      <NumberField label="Delay" unit="ms" value={delayMs} min={1} max={30_000} step={100} />
      <NumberField label="Hold" unit="conn." value={connections} min={1} max={100} step={5} />
      <label>
        Ends after
        <select
          aria-label="Time after which a fault ends by itself"
          value={ttlSeconds.value}
          onChange={({ currentTarget }) => {
            ttlSeconds.value = Number(currentTarget.value);
          }}
        >
          {TTLS.map((minutes) => (
            <option key={minutes} value={minutes * 60}>
              {minutes} min
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

interface NumberFieldProps {
  label: string;
  unit: string;
  value: Signal<number>;
  min: number;
  max: number;
  step: number;
}

/** Keeps the last good number while something else is typed. */
function NumberField({ label, unit, value, min, max, step }: NumberFieldProps) {
  return (
    <label>
      {label}
      <span class="with-unit">
        <input
          type="number"
          aria-label={`${label} in ${unit}`}
          min={min}
          max={max}
          step={step}
          value={value.value}
          onInput={({ currentTarget: { valueAsNumber: typed } }) => {
            if (Number.isInteger(typed) && typed >= min && typed <= max) value.value = typed;
          }}
        />
        {unit}
      </span>
    </label>
  );
}

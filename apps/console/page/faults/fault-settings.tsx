import type { FaultSetting } from '@app/service-client';
import { chosen, setSetting, settings, ttlSeconds } from '../actions';
import { view } from '../live';
import { NumberField } from './number-field';

const TTLS = [1, 5, 15, 60];

/** What the chosen fault does, and its settings, drawn from what the services offer. */
export function FaultSettings() {
  const { name, summary, available, unavailable_because, settings: schema } = chosen.value ?? {};
  if (!view.value || !name) return null;
  return (
    <>
      <p class="sentence">{available === false ? `NOT AVAILABLE: ${unavailable_because}` : `${summary}.`}</p>
      <div class="settings">
        {Object.entries(settings.value).map(([setting, value]) => (
          <Setting
            key={`${name} ${setting}`}
            name={setting}
            value={value}
            schema={schema?.properties[setting]}
          />
        ))}
        <label>
          ends after
          <select
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
    </>
  );
}

interface SettingProps {
  name: string;
  value: number | string | undefined;
  schema: FaultSetting | undefined;
}

function Setting({ name, value, schema }: SettingProps) {
  const { description, minimum = 0, maximum = 0, enum: words } = schema ?? {};
  const label = name.replaceAll('_', ' ');
  const id = `setting-${name}`;
  return (
    <span class="setting" title={description}>
      <label htmlFor={id}>{label}</label>
      {words ? (
        <select id={id} value={value} onChange={({ currentTarget }) => setSetting(name, currentTarget.value)}>
          {words.map((word) => (
            <option key={word}>{word}</option>
          ))}
        </select>
      ) : (
        <NumberField
          id={id}
          value={value}
          minimum={minimum}
          maximum={maximum}
          onChange={(number) => setSetting(name, number)}
        />
      )}
    </span>
  );
}

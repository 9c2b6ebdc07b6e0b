import { useState } from 'preact/hooks';

interface NumberFieldProps {
  id: string;
  value: number | string | undefined;
  minimum: number;
  maximum: number;
  onChange: (number: number) => void;
}

/** A whole number within its bounds. An invalid value is reported at once, and never shown as if it applied. */
export function NumberField({ id, value, minimum, maximum, onChange }: NumberFieldProps) {
  const [typed, setTyped] = useState<string>();
  const wrong = typed !== undefined && !isGood(typed, minimum, maximum);
  return (
    <>
      <input
        id={id}
        type="number"
        min={minimum}
        max={maximum}
        value={typed ?? value}
        aria-invalid={wrong || undefined}
        aria-describedby={wrong ? `${id}-bounds` : undefined}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          if (isGood(currentTarget.value, minimum, maximum)) onChange(Number(currentTarget.value));
        }}
        onBlur={() => setTyped(undefined)}
      />
      {wrong && (
        <small class="bad" id={`${id}-bounds`} role="alert">
          {minimum} to {maximum}; {value ?? 'the usual'} holds
        </small>
      )}
    </>
  );
}

function isGood(text: string, minimum: number, maximum: number): boolean {
  const number = Number(text);
  return text.trim() !== '' && Number.isInteger(number) && number >= minimum && number <= maximum;
}

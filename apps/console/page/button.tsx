import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { say } from './message';

interface ButtonProps {
  /** Text for screen readers, if the visible text is not enough. */
  label?: string;
  /** The key that does the same. */
  hotkey?: string;
  /** The key may be held down. */
  repeats?: boolean;
  /** Why it does nothing now. */
  because?: string;
  pressed?: boolean;
  kind?: 'fault' | 'calm' | 'plain';
  onPress: () => unknown;
  /** May be left out if its key says everything. */
  children?: ComponentChildren;
}

/** Symbols for keys that are not letters. */
const SIGNS: Record<string, string> = { ArrowRight: '→' };

/** A button that can always be pressed: if it does nothing, it says why; if it takes time, it shows so at once. */
export function Button(props: ButtonProps) {
  const { label, hotkey, repeats, because, pressed, kind = 'plain', onPress, children } = props;
  const [pending, setPending] = useState(false);
  const press = () => {
    if (because) return say(because, 'bad');
    const done = onPress();
    if (!(done instanceof Promise)) return;
    setPending(true);
    void done.finally(() => setPending(false));
  };
  return (
    <button
      type="button"
      class={`button ${kind}`}
      aria-disabled={because ? 'true' : undefined}
      aria-pressed={pressed}
      aria-busy={pending || undefined}
      aria-keyshortcuts={hotkey}
      data-key={hotkey?.toUpperCase()}
      data-repeat={repeats}
      title={because ?? label}
      onClick={press}
    >
      {children}
      {hotkey && <kbd>{SIGNS[hotkey] ?? hotkey}</kbd>}
      {label && <span class="unseen"> {label}</span>}
    </button>
  );
}

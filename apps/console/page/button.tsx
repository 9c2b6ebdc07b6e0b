import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { say } from './message';

interface ButtonProps {
  /** What is said beyond what stands on it, where that is too little. */
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
  /** Nothing where its key says all. */
  children?: ComponentChildren;
}

/** What stands on a key that is no letter. */
const SIGNS: Record<string, string> = { ArrowRight: '→' };

/** A button that can always be pressed: one that does nothing says why, one that takes its time shows so at once. */
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

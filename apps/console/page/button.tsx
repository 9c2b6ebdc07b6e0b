import type { ComponentChildren } from 'preact';
import { say } from './message';

interface ButtonProps {
  label: string;
  /** The key that does the same. */
  hotkey?: string;
  /** Why it does nothing now. */
  because?: string;
  pressed?: boolean;
  kind?: 'fault' | 'calm' | 'plain';
  onPress: () => unknown;
  children: ComponentChildren;
}

/** A button that can always be pressed: one that does nothing says why. */
export function Button({ label, hotkey, because, pressed, kind = 'plain', onPress, children }: ButtonProps) {
  const title = because ?? (hotkey ? `${label} (key ${hotkey})` : label);
  return (
    <button
      type="button"
      class={`button ${kind}`}
      aria-label={label}
      aria-disabled={because ? 'true' : undefined}
      aria-pressed={pressed}
      aria-keyshortcuts={hotkey}
      data-key={hotkey}
      title={title}
      onClick={() => (because ? say(because, 'bad') : onPress())}
    >
      {children}
      {hotkey && <kbd>{hotkey}</kbd>}
    </button>
  );
}

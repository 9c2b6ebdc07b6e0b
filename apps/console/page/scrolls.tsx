import type { ComponentChildren } from 'preact';

interface ScrollsProps {
  label: string;
  class?: string;
  children: ComponentChildren;
}

/** A part of the page that scrolls by itself. */
export function Scrolls({ label, class: more = '', children }: ScrollsProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a stop of the Tab key nobody could scroll it by keyboard.
    <section class={`scrolls ${more}`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

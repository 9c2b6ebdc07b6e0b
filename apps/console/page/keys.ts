/** Keys that count as another: a presenter's remote sends PageDown for the right arrow. */
const ALIKE: Record<string, string> = { PAGEDOWN: 'ARROWRIGHT' };

/** Handles keys: the control with that key acts, and says why if it cannot. */
export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    // If arrows already move between squares or tabs, they do nothing else.
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    // Nobody sees what a key would do behind an open dialog.
    if (document.querySelector('dialog[open]')) return;
    const { target, key } = event;
    if (isTyping(target)) {
      if (key === 'Escape') target.blur();
      return;
    }
    const name = key.toUpperCase();
    const control = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(ALIKE[name] ?? name)}"]`);
    if (!control || (event.repeat && control.dataset.repeat === undefined)) return;
    event.preventDefault();
    if (control instanceof HTMLInputElement) control.focus();
    else control.click();
  });
}

function isTyping(target: EventTarget | null): target is HTMLElement {
  return (
    target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type !== 'range')
  );
}

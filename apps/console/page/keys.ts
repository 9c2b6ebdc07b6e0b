/** What a presenter's remote sends for the key on its right. */
const ALIKE: Record<string, string> = { PAGEDOWN: 'ARROWRIGHT' };

/** What the keys do: the control that carries the key does it, and says why if it cannot. */
export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    // Where arrows lead from one square to the next, or through tabs, they do nothing else.
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    // Behind an open dialog nobody sees what a key would do.
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

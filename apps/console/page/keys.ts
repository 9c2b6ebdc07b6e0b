import { closeTrace, opened } from './trace/opened';

/** What the keys do: the button that carries the key does it, and says why if it cannot. */
export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === 'Escape' && opened.value) return closeTrace();
    if (isTyping(event.target)) return;
    document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key.toUpperCase())}"]`)?.click();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type !== 'range')
  );
}

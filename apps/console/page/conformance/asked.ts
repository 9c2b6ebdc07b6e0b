import { signal } from '@preact/signals';
import type { ServiceConformance } from '../../src/conformance/conformance-watch';

/** Telemetry changes with a release of its sender, not by the second, and evaluating it costs the console some time. */
const ASK_EVERY_MS = 15_000;
const AGAIN_AFTER_MS = 3_000;

export const evaluated = signal<ServiceConformance[]>();

/** Polls until the returned function is called, but not while the window is hidden. */
export function keepAsking(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const ask = async () => {
    if (!document.hidden) {
      const response = await fetch('/api/conformance').catch(() => undefined);
      if (response?.ok) evaluated.value = await response.json();
    }
    const empty = (evaluated.value ?? []).length === 0;
    if (!over) timer = setTimeout(() => void ask(), empty ? AGAIN_AFTER_MS : ASK_EVERY_MS);
  };
  void ask();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}

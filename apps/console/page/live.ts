import { effect, signal } from '@preact/signals';
import type { BudgetView } from '../src/budget/budget-view';
import type { LiveView } from '../src/live/live-view';

/** The latest of everything but the slots; undefined until it has come once. */
export const view = signal<LiveView>();
/** The latest slots. */
export const budget = signal<BudgetView>();
/** Whether events arrive. */
export const connected = signal(false);
/** Minutes that figures and charts are of. */
export const windowMinutes = signal(5);

export const WINDOWS = [1, 5, 15];

/** Follows the console's events from now on, over any interruption. */
export function follow(): void {
  effect(() => {
    const source = new EventSource(`/api/live?window=${windowMinutes.value}`);
    source.addEventListener('budget', ({ data }) => {
      budget.value = JSON.parse(data);
    });
    source.addEventListener('view', ({ data }) => {
      view.value = JSON.parse(data);
      connected.value = true;
    });
    source.addEventListener('error', () => {
      connected.value = false;
    });
    return () => source.close();
  });
}

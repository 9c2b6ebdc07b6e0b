import { computed, effect, signal } from '@preact/signals';
import type { BudgetView } from '../src/budget/budget-view';
import type { Headline } from '../src/headline/headline';
import type { LiveView } from '../src/live/live-view';
import { asSpanMetrics, database, windowMinutes } from './address';

/** Milliseconds without an event after which the page is out of date. */
const STALE_MS = 2_000;
const CHECK_EVERY_MS = 250;

/** The latest of everything except the slots; undefined until the first event. */
export const view = signal<LiveView>();
/** The latest slots, with the headline of the same moment. */
export const budget = signal<BudgetView & { headline: Headline }>();
/** When the run that is shown again began, in ISO 8601; undefined unless this is a replay. */
export const replayed = signal<string>();
/** Milliseconds since the last event, in steps of half a second. */
const silentMs = signal(0);
/** Age in milliseconds of what is shown, once it is too old to be live. */
export const staleMs = computed(() => (silentMs.value >= STALE_MS ? silentMs.value : undefined));

let heardAt = performance.now();

/** Follows the console's events from now on, and reconnects after interruptions. */
export function follow(): void {
  effect(() => {
    const query = new URLSearchParams({ window: String(windowMinutes.value) });
    if (database.value) query.set('database', database.value);
    if (asSpanMetrics.value) query.set('reading', 'span-metrics');
    const source = new EventSource(`/api/live?${query}`);
    const heard = <Value>(set: (value: Value) => void) => {
      return ({ data }: MessageEvent<string>) => {
        heardAt = performance.now();
        set(JSON.parse(data));
      };
    };
    source.addEventListener(
      'budget',
      heard<BudgetView & { headline: Headline }>((data) => {
        budget.value = data;
      }),
    );
    source.addEventListener(
      'view',
      heard<LiveView>((data) => {
        view.value = data;
      }),
    );
    source.addEventListener(
      'replay',
      heard<{ began: string }>(({ began }) => {
        replayed.value = began;
      }),
    );
    return () => source.close();
  });
  setInterval(() => {
    silentMs.value = Math.floor((performance.now() - heardAt) / 500) * 500;
  }, CHECK_EVERY_MS);
}

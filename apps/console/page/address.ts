import { computed, effect, signal } from '@preact/signals';

export const WINDOWS = [1, 5, 15];
const VIEWS = ['stage', 'desk'] as const;

export type View = (typeof VIEWS)[number];

const given = new URLSearchParams(location.search);
/** From this width, there is room for everything at once. */
const wide = matchMedia('(min-width: 1600px)');
const isWide = signal(wide.matches);
wide.addEventListener('change', ({ matches }) => {
  isWide.value = matches;
});

const chosenView = signal(VIEWS.find((one) => one === given.get('view')));
/** `stage`: readable from the last row. `desk`: everything. The window's width decides until one is chosen. */
export const viewKind = computed<View>(() => chosenView.value ?? (isWide.value ? 'desk' : 'stage'));
/** Minutes that numbers and charts cover. */
export const windowMinutes = signal(WINDOWS.find((one) => String(one) === given.get('window')) ?? 5);
/** The database whose details are shown; by default the demo's own. */
export const database = signal(given.get('database') ?? undefined);
/** Percentiles as they were measured, or as the span metrics of a collector show them. */
export const asSpanMetrics = signal(given.get('reading') === 'span-metrics');
/** The row that is marked in the tables. */
export const row = signal(given.get('row') ?? undefined);

/** The recorded run that the tables are compared with. */
export const baselineRun = signal(given.get('baseline') ?? undefined);

export function switchView(): void {
  chosenView.value = viewKind.value === 'stage' ? 'desk' : 'stage';
}

/** Updates the address with what is chosen, so that it can be sent to somebody else. */
export function keepAddress(): void {
  effect(() => {
    const chosen = {
      view: chosenView.value,
      window: windowMinutes.value === 5 ? undefined : String(windowMinutes.value),
      database: database.value,
      reading: asSpanMetrics.value ? 'span-metrics' : undefined,
      row: row.value,
      baseline: baselineRun.value,
    };
    const said = Object.entries(chosen).flatMap(([name, value]) => (value ? [[name, value]] : []));
    const search = new URLSearchParams(said).toString();
    history.replaceState(null, '', search ? `?${search}` : location.pathname);
    document.documentElement.dataset.view = viewKind.value;
  });
}

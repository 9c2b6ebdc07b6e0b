import { effect, signal } from '@preact/signals';
import type { CatalogView } from '../src/catalog/catalog';
import type { Now } from '../src/catalog/statistics';
import type { RunAtRest } from '../src/scenarios/runs.controller';
import { baselineRun } from './address';
import { view } from './live';
import { say } from './message';

/** The numbers with which all others are compared, by the key of their row; undefined while nothing is compared. */
export const baseline = signal<{ at: number; rows: Map<string, Now> }>();

/** Freezes the current numbers; when pressed again, stops comparing. */
export function switchBaseline(): void {
  if (baseline.value) {
    baseline.value = undefined;
    baselineRun.value = undefined;
    return;
  }
  if (!view.value) return;
  baseline.value = { at: view.value.at, rows: rowsOf(view.value.catalog) };
  say('The figures of now are the baseline: the tables show by what each has changed.');
}

/** Compares with the run that the address names, if it names one. */
export function followBaselineRun(): void {
  effect(() => {
    const name = baselineRun.value;
    if (name) void compareWith(name);
  });
}

async function compareWith(name: string): Promise<void> {
  const response = await fetch(`/api/runs/${encodeURIComponent(name)}/at-rest`).catch(() => undefined);
  if (!response?.ok) {
    baselineRun.value = undefined;
    say(`There is no run ${name} to compare with.`);
    return;
  }
  const { at, catalog } = (await response.json()) as RunAtRest;
  baseline.value = { at, rows: rowsOf(catalog) };
  say(`The run of ${new Date(at).toLocaleString()} at rest is the baseline.`);
}

/** The ratio of a number to its baseline, such as `×12`; empty if there is nothing to compare. */
export function factor(key: string, field: keyof Now, value: number | null): string {
  const before = baseline.value?.rows.get(key)?.[field];
  if (!before || !value) return '';
  const times = value / before;
  return `×${times >= 10 ? Math.round(times) : times.toFixed(1)}`;
}

function rowsOf({ databases, details }: CatalogView): Map<string, Now> {
  const { operations = [], statements = [], calling_services = [] } = details ?? {};
  return new Map([
    ...databases.map((row) => [rowKey(row.database, row.system), row.now] as const),
    ...operations.map((row) => [rowKey(row.operation, row.table, row.service), row.now] as const),
    ...statements.map((row) => [row.statement, row.now] as const),
    ...calling_services.map((row) => [rowKey(row.service), row.now] as const),
  ]);
}

export function rowKey(...parts: string[]): string {
  return parts.join(' ');
}

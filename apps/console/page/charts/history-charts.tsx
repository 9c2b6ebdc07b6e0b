import type { BudgetSeries } from '../../src/budget/budget-history';
import type { Band } from '../../src/events/event-log';
import { short } from '../format';
import { Chart, type Line } from './chart';

interface HistoryProps {
  history: BudgetSeries;
  /** Services from the bottom to the top. */
  names: string[];
  bands: Band[];
  theme: string;
  colorOf: (service: string) => string;
}

/** Connections over time, the services stacked, with the limit of the budget as a line; below them the queue. */
export function HistoryCharts({ history, names, bands, theme, colorOf }: HistoryProps) {
  const { time, services, waiting, max } = history;
  const budget = max.at(-1) ?? 100;
  const limit: Line = { label: 'budget', color: 'bad', width: 2, dash: [6, 4] };
  const common = { time, bands, theme, format: String };
  const open = layered(names, services, colorOf);
  const queue = layered(names, waiting, colorOf);
  return (
    <div class="history">
      <figure>
        <figcaption>Open connections</figcaption>
        <Chart
          {...common}
          label={`Open connections over time. Now: ${latest(names, services)}; budget ${budget}`}
          values={[...open.values, max]}
          lines={[...open.lines, limit]}
          atLeast={budget}
        />
      </figure>
      <figure>
        <figcaption>Requests that wait</figcaption>
        <Chart
          {...common}
          label={`Requests that wait for a connection over time. Now: ${latest(names, waiting)}`}
          values={queue.values}
          lines={queue.lines}
          atLeast={10}
        />
      </figure>
    </div>
  );
}

/** The highest sum is drawn first; the smaller ones in front of it leave only one service's part of it visible. */
function layered(
  names: readonly string[],
  columns: Record<string, number[]>,
  colorOf: HistoryProps['colorOf'],
) {
  const values = names.map((_, index) =>
    summed(names.slice(0, index + 1).map((name) => columns[name] ?? [])),
  );
  const lines = names.map(
    (name): Line => ({ label: `up to ${short(name)}`, color: colorOf(name), width: 1, filled: 'full' }),
  );
  return { values: values.toReversed(), lines: lines.toReversed() };
}

function latest(names: readonly string[], columns: Record<string, number[]>): string {
  return names.map((name) => `${short(name)} ${columns[name]?.at(-1) ?? 0}`).join(', ');
}

function summed(columns: number[][]): number[] {
  return (columns[0] ?? []).map((_, row) => columns.reduce((sum, column) => sum + (column[row] ?? 0), 0));
}

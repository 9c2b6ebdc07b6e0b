import { Chart, type Line } from '../chart';
import { short } from '../format';
import { view, windowMinutes } from '../live';
import { inOrder, serviceColor } from '../service-color';

/** Connections over time, the services on top of each other, against the line of the budget. */
export function HistoryCard() {
  const { time, services, max } = view.value?.history ?? { time: [], services: {}, max: [] };
  const names = inOrder(Object.keys(services)).filter((name) => services[name]);
  // The highest sum is drawn first; the smaller ones in front of it leave of it just one service's part.
  const layers = names.map((_, index) =>
    summed(names.slice(0, index + 1).map((name) => services[name] ?? [])),
  );
  const lines: Line[] = names.map((name) => ({
    label: name,
    color: serviceColor(name),
    width: 1,
    filled: true,
  }));
  const limit: Line = { label: 'budget', color: 'bad', width: 2, dash: [6, 4] };
  const latest = names.map((name) => `${short(name)} ${services[name]?.at(-1) ?? 0}`).join(', ');
  return (
    <section class="card grows" aria-labelledby="history-title">
      <div class="card-head">
        <h2 id="history-title">Open connections, last {windowMinutes.value} min</h2>
      </div>
      <Chart
        label={`Open connections over time. Now: ${latest}; budget ${max.at(-1) ?? 0}`}
        time={time}
        values={[...layers.toReversed(), max]}
        lines={[...lines.toReversed(), limit]}
        height={240}
        atLeast={max.at(-1) ?? 100}
        format={String}
      />
    </section>
  );
}

function summed(columns: number[][]): number[] {
  return (columns[0] ?? []).map((_, row) => columns.reduce((sum, column) => sum + (column[row] ?? 0), 0));
}

import type uPlot from 'uplot';
import type { Heat } from '../../src/catalog/heat';
import type { Series } from '../../src/catalog/series';
import type { Band } from '../../src/events/event-log';
import { axisTime, whole } from '../format';
import { color } from '../theme';
import { Chart } from './chart';

interface HeatMapProps {
  series: Pick<Series, 'time' | 'heat'>;
  bands: Band[];
  theme: string;
}

interface Cell {
  row: number;
  count: number;
}

/** What each colour stands for, the upper one first where a cell has both. */
const LAYERS = [
  { key: 'waiting', verb: 'wait', title: 'waits for a connection', color: 'warn' },
  { key: 'running', verb: 'run', title: 'runs in the database', color: 'accent' },
] as const;
/** Opacity of a cell with one statement. */
const PALEST = 0.25;

/** Every statement by its time, and every wait for a connection: what a mean or a percentile hides is a band here. */
export function HeatMap({ series: { time, heat }, bands, theme }: HeatMapProps) {
  const top = heat.from_ms * 10 ** (heat.rows / heat.per_decade);
  return (
    <figure class="heat">
      <figcaption>
        Time of each statement
        <span class="keys">
          {LAYERS.map((layer) => (
            <span key={layer.key}>
              <i class={`dot ${layer.color}`} /> {layer.title}
            </span>
          ))}
        </span>
      </figcaption>
      <Chart
        label={`Time of each statement. Latest: ${inWords(heat, time.length - 1)}`}
        time={time}
        // It has no lines, but the axes need a series.
        values={[time.map(() => null)]}
        lines={[{ label: 'statements', color: 'accent' }]}
        bands={bands}
        theme={theme}
        atLeast={top}
        format={axisTime}
        logarithmic={[heat.from_ms, top]}
        paint={(chart) => paint(chart, time, heat)}
        inWords={(index) => inWords(heat, index)}
      />
    </figure>
  );
}

function paint(chart: uPlot, time: number[], heat: Heat): void {
  const { ctx } = chart;
  const step = (time[1] ?? 0) - (time[0] ?? 0) || 1;
  const layers = LAYERS.map(({ key }) => heat[key].map(cellsOf));
  const colors = LAYERS.map((layer) => color(layer.color));
  const most = Math.max(1, ...layers.flat(2).map(({ count }) => count));
  ctx.save();
  for (const [index, second] of time.entries()) {
    const columns = layers.map((steps) => steps[index] ?? []);
    const x: [number, number] = [second, second + step];
    for (const [place, fill] of colors.entries()) {
      ctx.fillStyle = fill;
      const others = new Set(columns[1 - place]?.map(({ row }) => row));
      for (const { row, count } of columns[place] ?? []) {
        ctx.globalAlpha = PALEST + (1 - PALEST) * (Math.log(count) / Math.log(most) || 0);
        const y: [number, number] = [startOf(heat, row), startOf(heat, row + 1)];
        fillCell(chart, x, y, others.has(row) ? place : undefined);
      }
    }
  }
  ctx.restore();
}

/** @param half 0 for the upper half of the cell, 1 for the lower one, undefined for all of it */
function fillCell(
  { ctx, bbox, valToPos }: uPlot,
  [begin, end]: [number, number],
  [low, high]: [number, number],
  half?: number,
): void {
  const [left, right] = [valToPos(begin, 'x', true), valToPos(end, 'x', true)];
  const [top, bottom] = [valToPos(high, 'y', true), valToPos(low, 'y', true)];
  const width = Math.min(bbox.left + bbox.width, right) - left - 1;
  const height = (bottom - top) / (half === undefined ? 1 : 2);
  ctx.fillRect(left, top + (half ?? 0) * height, Math.max(1, width), Math.max(1, height - 1));
}

function inWords(heat: Heat, index: number): string {
  const words = LAYERS.flatMap(({ key, verb }) => {
    const cells = cellsOf(heat[key][index]);
    const [most] = cells.toSorted((a, b) => b.count - a.count);
    if (!most) return [];
    const all = cells.reduce((sum, { count }) => sum + count, 0);
    const [low, high] = [startOf(heat, most.row), startOf(heat, most.row + 1)];
    return [`${whole(all)} ${verb}, most for ${axisTime(low)} to ${axisTime(high)}`];
  });
  return words.join('; ') || 'none';
}

/** The beginning of a row in milliseconds, as a round number. */
function startOf({ from_ms, per_decade }: Heat, row: number): number {
  return Number((from_ms * 10 ** (row / per_decade)).toPrecision(2));
}

/** A step holds row, number, row, number and so on. */
function cellsOf(step: readonly number[] = []): Cell[] {
  return Array.from({ length: step.length / 2 }, (_, index) => ({
    row: step[2 * index] as number,
    count: step[2 * index + 1] as number,
  }));
}

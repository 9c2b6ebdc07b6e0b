import type uPlot from 'uplot';
import type { Series } from '../../src/catalog/series';
import type { Band } from '../../src/events/event-log';
import { axisTime, whole } from '../format';
import { color } from '../theme';
import { Chart } from './chart';

type Heat = Series['heat'];

interface HeatMapProps {
  series: Pick<Series, 'time' | 'heat'>;
  bands: Band[];
  theme: string;
}

/** The palest colour, of a cell with one statement among many. */
const PALEST = 0.25;

/** What each colour stands for; a cell with both is divided. */
const LAYERS = [
  { key: 'running', word: 'run', color: 'accent', top: 0.5 },
  { key: 'waiting', word: 'wait', color: 'warn', top: 0 },
] as const;

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
              <i class={`dot ${layer.color}`} />{' '}
              {layer.word === 'run' ? 'runs in the database' : 'waits for a connection'}
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

function paint({ ctx, bbox, valToPos }: uPlot, time: number[], heat: Heat): void {
  const step = (time[1] ?? 0) - (time[0] ?? 0) || 1;
  const most = Math.max(
    1,
    ...LAYERS.flatMap(({ key }) => heat[key].flatMap((one) => cellsOf(one).map((cell) => cell.count))),
  );
  const right = bbox.left + bbox.width;
  const [edge, height] = [(row: number) => valToPos(startOf(heat, row), 'y', true), bbox.height / heat.rows];
  ctx.save();
  for (const layer of LAYERS) {
    ctx.fillStyle = color(layer.color);
    const other = heat[layer.key === 'running' ? 'waiting' : 'running'];
    for (const [index, second] of time.entries()) {
      const [from, to] = [valToPos(second, 'x', true), valToPos(second + step, 'x', true)];
      const divided = new Set(cellsOf(other[index]).map(({ row }) => row));
      for (const { row, count } of cellsOf(heat[layer.key][index])) {
        ctx.globalAlpha = PALEST + (1 - PALEST) * (Math.log(count) / Math.log(most) || 0);
        const half = divided.has(row) ? 0.5 : 1;
        const y = edge(row + 1) + (half < 1 ? layer.top * height : 0);
        ctx.fillRect(from, y, Math.max(1, Math.min(right, to) - from - 1), Math.max(1, height * half - 1));
      }
    }
  }
  ctx.restore();
}

function inWords(heat: Heat, index: number): string {
  const words = LAYERS.flatMap(({ key, word }) => {
    const cells = cellsOf(heat[key][index]);
    const [most] = cells.toSorted((a, b) => b.count - a.count);
    if (!most) return [];
    const all = cells.reduce((sum, { count }) => sum + count, 0);
    return [
      `${whole(all)} ${word}, most for ${axisTime(startOf(heat, most.row))} to ${axisTime(startOf(heat, most.row + 1))}`,
    ];
  });
  return words.join('; ') || 'none';
}

/** The beginning of a row in milliseconds. */
function startOf({ from_ms, per_decade }: Heat, row: number): number {
  return Number((from_ms * 10 ** (row / per_decade)).toPrecision(2));
}

/** A step holds row, number, row, number and so on. */
function cellsOf(step: readonly number[] = []): { row: number; count: number }[] {
  return Array.from({ length: step.length / 2 }, (_, index) => ({
    row: step[2 * index] as number,
    count: step[2 * index + 1] as number,
  }));
}

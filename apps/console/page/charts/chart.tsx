import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Band } from '../../src/events/event-log';
import { color } from '../theme';

export interface Line {
  label: string;
  /** A colour of the theme. */
  color: string;
  width?: number;
  dash?: number[];
  /** Filled down to zero, either completely, or so that lines behind it remain visible. */
  filled?: 'full' | 'light';
}

export interface ChartProps {
  /** A description for people who do not see it, with its latest values. */
  label: string;
  /** Unix seconds. */
  time: number[];
  /** One column for each line. */
  values: (number | null)[][];
  lines: Line[];
  /** Periods that are marked in the background. */
  bands: Band[];
  /** The theme that determines its colours; the chart is drawn again when it changes. */
  theme: string;
  /** The axis reaches at least this value. */
  atLeast: number;
  format: (value: number) => string;
  /** False if another chart below it has the axis of time. */
  hasTime?: boolean;
  /** A logarithmic axis from one value to another, instead of one that begins at zero. */
  logarithmic?: [from: number, to: number];
  /** Draws what is behind the lines. */
  paint?: (chart: uPlot) => void;
  /** The values of a step in words, instead of those of the lines. */
  inWords?: (index: number) => string;
}

/** All charts of a page show the values of the same moment. */
const SYNCHRONISED = 'moment';
/** Height of an axis, in multiples of its text's height. */
const AXIS_HEIGHT = 1.7;
const AXIS_WIDTH = 3.9;

/**
 * Lines over time, as large as their container, with the values of the moment under the pointer. It does not know where
 * its data comes from: live and recorded data look the same.
 */
export function Chart(props: ChartProps) {
  const { label, time, values, lines, bands, theme, atLeast } = props;
  const container = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  // uPlot reads the latest props while it draws, so that no new canvas is needed for them.
  const latest = useRef(props);
  latest.current = props;
  const shape = `${theme} ${props.hasTime} ${lines.map((line) => line.label).join()}`;

  useEffect(() => {
    const element = container.current as HTMLDivElement;
    const chart = new uPlot(optionsOf(latest, element), [time, ...values], element);
    plot.current = chart;
    const resized = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      if (width > 0 && height > 0) chart.setSize({ width, height });
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [shape]);

  useEffect(() => {
    plot.current?.setData([time, ...values]);
  }, [time, values, bands, atLeast, props.paint]);

  return <div class="chart" role="img" aria-label={label} ref={container} />;
}

function optionsOf(latest: { current: ChartProps }, element: HTMLElement): uPlot.Options {
  const { lines, hasTime = true, logarithmic } = latest.current;
  const text = Number.parseFloat(getComputedStyle(element).fontSize);
  const axis = {
    stroke: color('muted'),
    font: `${text}px system-ui, sans-serif`,
    grid: { stroke: color('line'), width: 1 },
    ticks: { show: false },
  };
  const readout = document.createElement('output');
  readout.className = 'readout';
  readout.hidden = true;
  element.append(readout);
  return {
    width: Math.max(1, element.clientWidth),
    height: Math.max(1, element.clientHeight),
    legend: { show: false },
    cursor: { sync: { key: SYNCHRONISED, scales: ['x', null] }, drag: { x: false, y: false }, y: false },
    padding: [text / 2, text * 1.5, hasTime ? 0 : text / 2, 0],
    scales: {
      y: logarithmic
        ? { distr: 3, range: logarithmic }
        : { range: (_, __, max) => [0, Math.max(latest.current.atLeast, (max ?? 0) * 1.1)] },
    },
    axes: [
      {
        ...axis,
        show: hasTime,
        space: text * 6,
        size: text * AXIS_HEIGHT,
        values: (_, ticks) => ticks.map(clockOf),
      },
      {
        ...axis,
        space: text * 2,
        size: text * AXIS_WIDTH,
        ...(logarithmic && {
          splits: powersOfTen(logarithmic),
          filter: (_: uPlot, splits: number[]) => splits,
        }),
        values: (_, ticks) => ticks.map((tick) => latest.current.format(tick)),
      },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        stroke: color(line.color),
        width: line.width ?? 2,
        dash: line.dash,
        fill: line.filled && color(line.color) + (line.filled === 'light' ? '40' : ''),
        points: { show: false },
        spanGaps: true,
      })),
    ],
    hooks: {
      drawClear: [
        (chart) => drawBands(chart, latest.current.bands),
        (chart) => latest.current.paint?.(chart),
      ],
      setCursor: [(chart) => showValues(chart, readout, latest.current)],
      destroy: [() => readout.remove()],
    },
  };
}

/** The periods in which something was on: a tint, with lines at the beginning and the end. */
function drawBands({ ctx, bbox, valToPos, scales }: uPlot, bands: readonly Band[]): void {
  const { min, max } = scales.x ?? {};
  if (typeof min !== 'number' || typeof max !== 'number') return;
  const position = (second: number) => valToPos(Math.min(max, Math.max(min, second)), 'x', true);
  ctx.save();
  ctx.fillStyle = color('bad');
  let tinted = bbox.left;
  for (const { kind, from, to = Number.POSITIVE_INFINITY } of bands) {
    if (kind !== 'fault' || to / 1_000 < min || from / 1_000 > max) continue;
    const [left, right] = [position(from / 1_000), position(to / 1_000)];
    ctx.globalAlpha = 0.12;
    // Several at once are not darker than one.
    const untinted = Math.max(left, tinted);
    ctx.fillRect(untinted, bbox.top, Math.max(0, right - untinted), bbox.height);
    tinted = Math.max(tinted, right);
    ctx.globalAlpha = 0.8;
    for (const [at, edge] of [[from, left] as const, [to, right] as const])
      if (at / 1_000 >= min && at / 1_000 <= max) ctx.fillRect(edge, bbox.top, 2, bbox.height);
  }
  ctx.restore();
}

function powersOfTen([from, to]: [number, number]): () => number[] {
  const first = Math.ceil(Math.log10(from));
  const length = Math.floor(Math.log10(to)) - first + 1;
  return () => Array.from({ length }, (_, index) => 10 ** (first + index));
}

function showValues(chart: uPlot, readout: HTMLElement, props: ChartProps): void {
  const { time, values, lines, format, inWords } = props;
  const index = chart.cursor.idx;
  const second = index === null || index === undefined ? undefined : time[index];
  readout.hidden = second === undefined || (chart.cursor.left ?? -1) < 0;
  if (second === undefined || index === null || index === undefined) return;
  const readings = lines.map(({ label }, line) => {
    const value = values[line]?.[index];
    return `${label} ${value === null || value === undefined ? '–' : format(Number(value.toPrecision(3)))}`;
  });
  readout.textContent = `${clockOf(second)}  ${inWords ? inWords(index) : readings.join(' · ')}`;
}

function clockOf(unixSeconds: number): string {
  return new Date(unixSeconds * 1_000).toLocaleTimeString('en', { hour12: false });
}

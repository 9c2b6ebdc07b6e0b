import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { color, theme } from './theme';

export interface Line {
  label: string;
  /** A colour of the theme. */
  color: string;
  width?: number;
  dash?: number[];
  /** Filled down to zero. */
  filled?: boolean;
}

interface ChartProps {
  /** What it shows, for those who do not see it; with its latest figures. */
  label: string;
  time: number[];
  values: (number | null)[][];
  lines: Line[];
  height: number;
  /** The axis reaches at least so far. */
  atLeast: number;
  format: (value: number) => string;
}

/** Lines over time. The canvas is kept while data comes in, and made anew for another theme or other lines. */
export function Chart({ label, time, values, lines, height, atLeast, format }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const shape = `${theme.value} ${lines.map((line) => line.label).join()}`;

  // The data has an effect of its own.
  useEffect(() => {
    const element = place.current as HTMLDivElement;
    const chart = new uPlot(
      options(lines, height, atLeast, format, element.clientWidth),
      [time, ...values],
      element,
    );
    plot.current = chart;
    const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [shape, height]);

  useEffect(() => {
    plot.current?.setData([time, ...values]);
  }, [time, values]);

  return <div class="chart" role="img" aria-label={label} ref={place} />;
}

function options(
  lines: Line[],
  height: number,
  atLeast: number,
  format: ChartProps['format'],
  width: number,
): uPlot.Options {
  const axis = { stroke: color('muted'), font: '12px system-ui', grid: { stroke: color('line'), width: 1 } };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 26, 0, 0],
    scales: { y: { range: (_, __, max) => [0, Math.max(atLeast, (max ?? 0) * 1.1)] } },
    axes: [
      { ...axis, ticks: { show: false }, space: 70, size: 26, values: (_, ticks) => ticks.map(clockOf) },
      { ...axis, ticks: { show: false }, space: 28, size: 58, values: (_, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        stroke: color(line.color),
        width: line.width ?? 2,
        dash: line.dash,
        fill: line.filled ? color(line.color) : undefined,
        points: { show: false },
        spanGaps: true,
      })),
    ],
  };
}

function clockOf(unixSeconds: number): string {
  return new Date(unixSeconds * 1_000).toLocaleTimeString('en', { hour12: false });
}

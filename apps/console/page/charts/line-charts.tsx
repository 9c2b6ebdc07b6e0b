import type { Series } from '../../src/catalog/series';
import type { Statistics } from '../../src/catalog/statistics';
import type { Band } from '../../src/events/event-log';
import { axisTime, duration, percent, rate } from '../format';
import { Chart, type Line } from './chart';

const TIMES = [
  ['p99_ms', 'P99', 'p99'],
  ['p95_ms', 'P95', 'p95'],
  ['p90_ms', 'P90', 'p90'],
  ['p75_ms', 'P75', 'p75'],
  ['p50_ms', 'P50', 'p50'],
  ['average_ms', 'Avg', 'text'],
] as const;

interface LineChartsProps {
  series: Series;
  /** Statistics of the whole window. */
  statistics: Statistics;
  bands: Band[];
  theme: string;
}

/** Query time, queries and failures over time, each with its number for the whole window. */
export function LineCharts({ series, statistics, bands, theme }: LineChartsProps) {
  const { time } = series;
  const common = { time, bands, theme };
  const lines = TIMES.map(([key, label, color]) => ({ label, color, width: key === 'average_ms' ? 3 : 1.5 }));
  return (
    <div class="charts">
      <figure>
        <figcaption>
          Query time
          <span class="keys">
            {TIMES.toReversed().map(([key, label, color]) => (
              <span key={key}>
                <i class={`dash ${color}`} /> {label} <b>{duration(statistics[key])}</b>
              </span>
            ))}
          </span>
        </figcaption>
        <Chart
          {...common}
          label={`Query time: average ${duration(statistics.average_ms)}, P99 ${duration(statistics.p99_ms)}`}
          values={TIMES.map(([key]) => series[key])}
          lines={lines}
          atLeast={10}
          format={axisTime}
        />
      </figure>
      <One
        {...common}
        title="Queries / s"
        value={rate(statistics.queries_per_second)}
        values={series.queries_per_second}
        line={{ label: 'queries', color: 'accent', width: 2 }}
      />
      <One
        {...common}
        title="Failures / s"
        value={`${rate(statistics.failures_per_second)} (${percent(statistics.failures_percent)})`}
        values={series.failures_per_second}
        line={{ label: 'failures', color: 'bad', width: 2 }}
      />
    </div>
  );
}

interface OneProps {
  title: string;
  value: string;
  time: number[];
  values: number[];
  line: Line;
  bands: Band[];
  theme: string;
}

function One({ title, value, values, line, ...common }: OneProps) {
  return (
    <figure>
      <figcaption>
        {title} <b>{value}</b>
      </figcaption>
      <Chart
        {...common}
        label={`${title}: ${value}`}
        values={[values]}
        lines={[line]}
        atLeast={2}
        format={String}
      />
    </figure>
  );
}

import type { Series } from '../../src/catalog/series';
import type { Statistics } from '../../src/catalog/statistics';
import { Chart, type Line } from '../chart';
import { duration, percent, rate } from '../format';

const TIMES = [
  ['p99_ms', 'P99', 'p99'],
  ['p95_ms', 'P95', 'p95'],
  ['p90_ms', 'P90', 'p90'],
  ['p75_ms', 'P75', 'p75'],
  ['p50_ms', 'P50', 'p50'],
  ['average_ms', 'Avg', 'text'],
] as const;

/** Query time, queries and failures over time, each with its figure for the whole window. */
export function Charts({ series, statistics }: { series: Series; statistics: Statistics }) {
  const { time } = series;
  const lines = TIMES.map(([key, label, color]) => ({ label, color, width: key === 'average_ms' ? 3 : 1.5 }));
  return (
    <div class="charts">
      <figure class="wide">
        <figcaption>
          Query time <b>{duration(statistics.average_ms)}</b>
          <span class="keys">
            {TIMES.toReversed().map(([key, label, color]) => (
              <span key={key}>
                <i class={`dash ${color}`} /> {label} {duration(statistics[key])}
              </span>
            ))}
          </span>
        </figcaption>
        <Chart
          label={`Query time: average ${duration(statistics.average_ms)}, P99 ${duration(statistics.p99_ms)}`}
          time={time}
          values={TIMES.map(([key]) => series[key])}
          lines={lines}
          height={275}
          atLeast={10}
          format={axisTime}
        />
      </figure>
      <Small
        title="Queries / s"
        figure={rate(statistics.queries_per_second)}
        time={time}
        values={series.queries_per_second}
        line={{ label: 'queries', color: 'accent', width: 2 }}
      />
      <Small
        title="Failures / s"
        figure={`${rate(statistics.failures_per_second)} (${percent(statistics.failures_percent)})`}
        time={time}
        values={series.failures_per_second}
        line={{ label: 'failures', color: 'bad', width: 2 }}
      />
    </div>
  );
}

interface SmallProps {
  title: string;
  figure: string;
  time: number[];
  values: number[];
  line: Line;
}

function Small({ title, figure, time, values, line }: SmallProps) {
  return (
    <figure>
      <figcaption>
        {title} <b>{figure}</b>
      </figcaption>
      <Chart
        label={`${title}: ${figure}`}
        time={time}
        values={[values]}
        lines={[line]}
        height={275}
        atLeast={2}
        format={String}
      />
    </figure>
  );
}

function axisTime(ms: number): string {
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`;
}

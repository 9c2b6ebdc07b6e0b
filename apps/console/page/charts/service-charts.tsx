import type { Series, ServiceSeries } from '../../src/catalog/series';
import type { Band } from '../../src/events/event-log';
import { axisTime, duration, rate, short } from '../format';
import { Chart } from './chart';

interface ServiceChartsProps {
  series: Pick<Series, 'time' | 'services'>;
  bands: Band[];
  theme: string;
  /** Name of a service's colour in the theme. */
  colorOf: (service: string) => string;
  /** Whether they are below each other, with one common axis of time. */
  stacked: boolean;
}

/** How the time of each service is spent: waiting for a connection, and running in the database, on one scale. */
export function ServiceCharts({
  series: { time, services },
  bands,
  theme,
  colorOf,
  stacked,
}: ServiceChartsProps) {
  const all = services.flatMap(({ waiting_ms, running_ms }) => [...waiting_ms, ...running_ms]);
  const highest = Math.max(10, ...all.map((value) => value ?? 0)) * 1.1;
  return (
    <div class={`service-charts ${stacked ? 'stacked' : ''}`}>
      {services.map((one, index) => (
        <figure key={one.service}>
          <figcaption>
            <b class="service">
              <i class={`dot ${colorOf(one.service)}`} /> {short(one.service)}
            </b>
            <Latest {...one} />
          </figcaption>
          <Chart
            label={`${one.service}: ${inWords(one)}`}
            time={time}
            values={[one.waiting_ms, one.running_ms]}
            lines={[
              { label: 'waiting', color: 'warn', width: 2, filled: 'light' },
              { label: 'running', color: colorOf(one.service), width: 3 },
            ]}
            bands={bands.filter(({ service = one.service }) => service === one.service)}
            theme={theme}
            hasTime={!stacked || index === services.length - 1}
            atLeast={highest}
            format={axisTime}
          />
        </figure>
      ))}
    </div>
  );
}

function Latest({ waiting_ms, running_ms, failures_per_second }: ServiceSeries) {
  const failing = failures_per_second.at(-1) ?? 0;
  return (
    <>
      <span class="waits">
        waits <b>{duration(last(waiting_ms))}</b>
      </span>
      <span>
        runs <b>{duration(last(running_ms))}</b>
      </span>
      {failing > 0 && (
        <span class="bad">
          fails <b>{rate(failing)}/s</b>
        </span>
      )}
    </>
  );
}

function inWords({ waiting_ms, running_ms, failures_per_second }: ServiceSeries): string {
  return `a statement waits ${duration(last(waiting_ms))} and runs ${duration(last(running_ms))}, ${rate(failures_per_second.at(-1) ?? 0)} a second fail`;
}

/** The value of the latest step in which anything ended. */
function last(values: (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

import type { DecodedMetric } from '@app/otlp';
import { type Fault, metricRule, type Rule, wholeRule } from '../rule';
import { conventionsOf } from '../rules/convention';
import { SOURCES } from '../rules/sources';
import { bareId, valueInPath } from '../spans/values-in-names';
import { METRICS, REPLACED } from './conventions';
import { readsAs } from './read-percentile';

const about = conventionsOf(SOURCES.databaseMetrics);
const known = ({ name }: DecodedMetric) => METRICS[name] !== undefined;
/** The duration of a slow statement, as the slow-query fault of this demo makes it by default. */
const SLOW_S = 2.9;
/** Number of values that an attribute of a metric may have before every further one looks like an id. */
const MOST_VALUES = 100;
/** Attributes whose values are numbers by nature. */
const NUMERIC = /port|status_code|error\.type|\.size$|bucket|version/;

export const METRIC_RULES: readonly Rule[] = [
  wholeRule(
    about(
      'metric-names',
      'required',
      'a metric under a name that was given up is there under the current one too',
      {
        without: 'Boards and alerts made for the current name show nothing.',
      },
    ),
    'metrics',
    ({ metrics }) => givenUp(metrics),
  ),
  metricRule(
    about('metric-unit', 'required', 'a metric has the unit of the conventions', {
      without: 'Axes and thresholds are wrong by a factor, or the name in Prometheus is another.',
    }),
    {
      appliesTo: known,
      fault: ({ name, unit }) => {
        const wanted = METRICS[name]?.unit;
        return unit === wanted ? undefined : `the unit is ${JSON.stringify(unit)}, not ${wanted}`;
      },
    },
  ),
  metricRule(
    about('metric-instrument', 'required', 'a metric is made by the instrument of the conventions', {
      without:
        'Rates of what goes up and down, or no percentiles: the queries of ready-made boards do not fit.',
    }),
    {
      appliesTo: known,
      fault: (metric) => {
        const wanted = METRICS[metric.name]?.instrument;
        const is = instrument(metric);
        return is === wanted ? undefined : `it is a ${is}, not a ${wanted}`;
      },
    },
  ),
  metricRule(
    about('metric-temporality', 'required', 'a sum or histogram says whether it is delta or cumulative', {
      without: 'Nobody can tell a total from an increase; backends reject the point.',
      source: SOURCES.metricsProtocol,
    }),
    {
      appliesTo: ({ temporality }) => temporality !== undefined,
      fault: ({ temporality }) =>
        temporality === 'UNSPECIFIED' ? 'the temporality is not given' : undefined,
    },
  ),
  metricRule(
    about('metric-attributes', 'required', 'a metric has the attributes that the conventions require', {
      without: 'Pools and databases cannot be told apart.',
    }),
    {
      appliesTo: known,
      fault: ({ name, attributes }) => {
        const missing = METRICS[name]?.required.find((attribute) => attributes[attribute] === undefined);
        return missing && `${missing} is missing`;
      },
    },
  ),
  metricRule(
    about('metric-buckets', 'recommended', 'the buckets of a duration can read 2.9 s', {
      without: 'A constant 2.9 s reads as a 95th percentile of up to 5 s.',
    }),
    {
      appliesTo: ({ type, unit }) => type === 'histogram' && (unit === 's' || unit === 'ms'),
      fault: ({ explicitBounds = [], unit }) => {
        const scale = unit === 'ms' ? 1_000 : 1;
        const read = readsAs(explicitBounds, SLOW_S * scale) / scale;
        return read <= SLOW_S * 1.25 && read >= SLOW_S * 0.75
          ? undefined
          : `2.9 s reads as ${Number.isFinite(read) ? `${read.toFixed(2)} s` : 'more than the last bucket'}`;
      },
    },
  ),
  wholeRule(
    about('metric-cardinality', 'required', 'the attributes of a metric have a bounded number of values', {
      without: 'Each value is a series: the bill grows, or the backend drops all of them.',
    }),
    'metrics',
    ({ metrics }) => unbounded(metrics),
  ),
  metricRule(
    about('metric-service', 'required', 'the resource of a metric has a service.name', {
      without: 'Nobody can tell whose metric it is.',
      source: SOURCES.service,
    }),
    {
      appliesTo: () => true,
      fault: ({ resource }) => (resource['service.name'] ? undefined : 'the resource has no service.name'),
    },
  ),
];

function instrument({ type, monotonic }: DecodedMetric): string {
  if (type === 'sum') return monotonic ? 'counter' : 'updowncounter';
  return type === 'exponentialHistogram' ? 'histogram' : type;
}

function givenUp(metrics: readonly DecodedMetric[]): { checked: number; faults: Fault[] } {
  const names = new Set(metrics.map(({ service, name }) => `${service}: ${name}`));
  const old = new Map(
    metrics
      .filter(({ name }) => REPLACED[name])
      .map(({ service, name }) => [`${service}: ${name}`, { service, name }]),
  );
  const faults = [...old].flatMap(([subject, { service, name }]) =>
    names.has(`${service}: ${REPLACED[name]}`)
      ? []
      : [{ subject, what: `it became ${REPLACED[name]}, which is not there` }],
  );
  return { checked: names.size, faults };
}

function unbounded(metrics: readonly DecodedMetric[]): { checked: number; faults: Fault[] } {
  const values = new Map<string, Set<string>>();
  for (const { service, name, attributes } of metrics) {
    for (const [attribute, value] of Object.entries(attributes)) {
      const key = `${service}: ${name} by ${attribute}`;
      const seen = values.get(key) ?? new Set();
      values.set(key, seen.add(String(value)));
    }
  }
  const faults = [...values].flatMap(([subject, seen]) => {
    const id = NUMERIC.test(subject) ? undefined : [...seen].find(looksLikeAnId);
    if (id) return [{ subject, what: `${id} looks like an id` }];
    return seen.size > MOST_VALUES ? [{ subject, what: `it has ${seen.size} values` }] : [];
  });
  return { checked: values.size, faults };
}

function looksLikeAnId(value: string): boolean {
  return (value.startsWith('/') ? valueInPath(value) : bareId(value)) !== undefined;
}

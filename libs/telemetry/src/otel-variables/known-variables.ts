import { accessSync, constants } from 'node:fs';
import { canBeEndpoint, listOf, PROTOCOLS, protocolIn, SIGNALS } from './otlp-protocol';
import { anything, type Check, oneOf, pairs, unused, type Variable, wholeNumber } from './variable';

const DEFAULT = 'the default is used';

/** All variables of the OpenTelemetry SDK's specification, in its order, and those of its Node SDK. */
export const VARIABLES: Variable[] = [
  {
    name: 'OTEL_SDK_DISABLED',
    effect: '`true` turns all of it off, `/metrics` too',
    check: oneOf(['true', 'false'], 'telemetry stays on'),
  },
  {
    name: 'OTEL_RESOURCE_ATTRIBUTES',
    effect:
      'adds to, or replaces, `service.namespace`, `deployment.environment.name`, `k8s.*`, …; `npm start` leaves out `service.name` and `service.instance.id`, which would make its services look like one',
    check: pairs(/^[^\s=,]+$/, 'none of them is used'),
  },
  {
    name: 'OTEL_SERVICE_NAME',
    effect: '`service.name`; left out by `npm start`, for the same reason',
    check: anything,
  },
  { name: 'OTEL_ENTITIES', effect: 'none', check: unused('use OTEL_RESOURCE_ATTRIBUTES') },
  {
    name: 'OTEL_LOG_LEVEL',
    effect:
      'what the SDK says of itself, on stdout; without it, only what is wrong with these variables is said',
    check: oneOf(['none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'], 'the SDK decides'),
  },
  {
    name: 'OTEL_PROPAGATORS',
    effect: '`tracecontext,baggage` (default), `b3`, `b3multi`, `none`',
    check: each(['tracecontext', 'baggage', 'b3', 'b3multi', 'none'], 'it is left out'),
  },
  {
    name: 'OTEL_TRACES_SAMPLER',
    effect:
      '`parentbased_always_on` (default), `parentbased_always_off`, `parentbased_traceidratio`, `always_on`, `always_off`, `traceidratio`; any but the default takes the SDK’s own tracer',
    check: oneOf(
      [
        'parentbased_always_on',
        'parentbased_always_off',
        'parentbased_traceidratio',
        'always_on',
        'always_off',
        'traceidratio',
      ],
      'parentbased_always_on is used',
    ),
  },
  {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    effect: 'share for the samplers with `traceidratio`, 0 to 1',
    check: (value, { OTEL_TRACES_SAMPLER: sampler = '' }) => {
      if (!sampler.endsWith('traceidratio')) return 'has no effect without a sampler that takes a ratio';
      return /^\d*\.?\d+$/.test(value) && Number(value) <= 1
        ? undefined
        : 'is not a number from 0 to 1: 1 is used';
    },
  },
  ...(['BSP', 'BLRP'] as const).flatMap((prefix) => batching(prefix)),
  ...[
    'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    'OTEL_ATTRIBUTE_COUNT_LIMIT',
    'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT',
    'OTEL_SPAN_EVENT_COUNT_LIMIT',
    'OTEL_SPAN_LINK_COUNT_LIMIT',
    'OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT',
    'OTEL_LINK_ATTRIBUTE_COUNT_LIMIT',
  ].map((name) => ({
    name,
    effect: 'as specified; takes the SDK’s own tracer',
    check: wholeNumber(0),
  })),
  ...['OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT'].map((name) => ({
    name,
    effect: 'as specified',
    check: wholeNumber(0),
  })),
  {
    name: 'OTEL_TRACES_EXPORTER',
    effect: '`otlp` or `none`',
    check: each(['otlp', 'none'], 'it is left out'),
  },
  {
    name: 'OTEL_METRICS_EXPORTER',
    effect: '`otlp`, `none`, or `prometheus`, which is `/metrics` and always there',
    check: each(['otlp', 'none', 'prometheus'], 'it is left out'),
  },
  {
    name: 'OTEL_LOGS_EXPORTER',
    effect: '`otlp` or `none`; the lines on stdout are always there',
    check: each(['otlp', 'none'], 'it is left out'),
  },
  ...perSignal('ENDPOINT', {
    effect:
      'base address for all three signals, or the whole address of one; over HTTP with `http://` or `https://`, over gRPC `host:port` will do',
    check: endpoint,
  }),
  ...perSignal('PROTOCOL', {
    effect: '`http/protobuf` (default), `http/json`, `grpc`; the last two take the SDK’s own tracer',
    check: (value) => oneOf(PROTOCOLS, 'http/protobuf is used')(value.trim(), {}, ''),
  }),
  ...perSignal('HEADERS', {
    effect: 'such as `api-key=…`; one signal’s are added to the general ones',
    check: pairs(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'what is not, is left out'),
  }),
  ...perSignal('INSECURE', {
    effect: '`true` for gRPC without TLS where the endpoint has no scheme',
    check: (value) => oneOf(['true', 'false'], 'TLS is used')(value.toLowerCase(), {}, ''),
  }),
  ...perSignal('CERTIFICATE', { effect: 'file of the authorities to trust, PEM', check: readable }),
  ...perSignal('CLIENT_CERTIFICATE', {
    effect: 'file of the certificate to show, PEM; with its key',
    check: withPartner('CLIENT_CERTIFICATE', 'CLIENT_KEY'),
  }),
  ...perSignal('CLIENT_KEY', {
    effect: 'file of its key, PEM',
    check: withPartner('CLIENT_KEY', 'CLIENT_CERTIFICATE'),
  }),
  ...perSignal('COMPRESSION', {
    effect: '`gzip` or `none` (default)',
    check: (value) => oneOf(['gzip', 'none'], 'nothing is compressed')(value.trim(), {}, ''),
  }),
  ...perSignal('TIMEOUT', {
    effect: 'milliseconds that a request may take, its repetitions included; 10000',
    check: wholeNumber(1),
  }),
  {
    name: 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    effect: '`cumulative` (default), `delta`, `lowmemory`',
    check: (value) =>
      oneOf(['cumulative', 'delta', 'lowmemory'], 'cumulative is used')(value.toLowerCase(), {}, ''),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    effect:
      '`explicit_bucket_histogram` (default), `base2_exponential_bucket_histogram`; the latter takes the SDK’s own histograms; `/metrics` keeps its buckets',
    check: oneOf(['explicit_bucket_histogram', 'base2_exponential_bucket_histogram'], DEFAULT),
  },
  { name: 'OTEL_METRIC_EXPORT_INTERVAL', effect: 'milliseconds; 60000', check: wholeNumber(1) },
  {
    name: 'OTEL_METRIC_EXPORT_TIMEOUT',
    effect: 'milliseconds, at most the interval; 30000',
    check: wholeNumber(1),
  },
  {
    name: 'OTEL_METRICS_EXEMPLAR_FILTER',
    effect: 'none',
    check: unused('which measurements have an exemplar cannot be chosen'),
  },
  ...['HOST', 'PORT'].map((part) => ({
    name: `OTEL_EXPORTER_PROMETHEUS_${part}`,
    effect: 'none: `/metrics` is on the port of the service',
    check: unused('/metrics is on the port of the service, see LISTEN_ADDRESS and PORT'),
  })),
  ...['ENDPOINT', 'TIMEOUT'].map((part) => ({
    name: `OTEL_EXPORTER_ZIPKIN_${part}`,
    effect: 'none: the specification has given up Zipkin’s exporter',
    check: unused('there is no Zipkin exporter'),
  })),
  ...['OTEL_CONFIG_FILE', 'OTEL_EXPERIMENTAL_CONFIG_FILE'].map((name) => ({
    name,
    effect: 'none',
    check: unused('configuration by a file is not read; use the other variables'),
  })),
  {
    name: 'OTEL_NODE_RESOURCE_DETECTORS',
    effect: 'none: host and environment are always looked at, the command line never is',
    check: unused('host and environment are always looked at'),
  },
  ...['OTEL_NODE_ENABLED_INSTRUMENTATIONS', 'OTEL_NODE_DISABLED_INSTRUMENTATIONS'].map((name) => ({
    name,
    effect: 'none: spans are made by hand',
    check: unused('there are no automatic instrumentations'),
  })),
  {
    name: 'OTEL_SEMCONV_STABILITY_OPT_IN',
    effect: 'none: old and new names are always both there; see `DB_SPAN_NAME`',
    check: unused('old and new names are always both there'),
  },
];

function batching(prefix: 'BSP' | 'BLRP'): Variable[] {
  const items = prefix === 'BSP' ? 'spans' : 'log records';
  return [
    {
      name: `OTEL_${prefix}_SCHEDULE_DELAY`,
      effect: `milliseconds that ${items} are collected before they are sent; 1000 here`,
      check: wholeNumber(1),
    },
    {
      name: `OTEL_${prefix}_EXPORT_TIMEOUT`,
      effect: 'milliseconds that a request may take at most; 30000',
      check: wholeNumber(1),
    },
    {
      name: `OTEL_${prefix}_MAX_QUEUE_SIZE`,
      effect: `${items} that may wait; more are dropped and counted; 2048`,
      check: wholeNumber(1),
    },
    {
      name: `OTEL_${prefix}_MAX_EXPORT_BATCH_SIZE`,
      effect: `${items} in one request, at most the queue; 512`,
      check: wholeNumber(1),
    },
  ];
}

/** The variable for all signals, and one for each signal. */
function perSignal(part: string, { effect, check }: Pick<Variable, 'effect' | 'check'>): Variable[] {
  return ['', ...SIGNALS.map((signal) => `${signal.toUpperCase()}_`)].map((signal) => ({
    name: `OTEL_EXPORTER_OTLP_${signal}${part}`,
    effect,
    check,
  }));
}

function each(known: readonly string[], otherwise: string): Check {
  return (value) => {
    const bad = listOf(value).filter((one) => !known.includes(one));
    return bad.length === 0
      ? undefined
      : `asks for ${bad.join(', ')}, but there are ${known.join(', ')}: ${otherwise}`;
  };
}

function endpoint(value: string, environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const signals = SIGNALS.filter((signal) => name.includes(`_${signal.toUpperCase()}_`));
  const concerned = signals.length > 0 ? signals : SIGNALS;
  const bad = concerned.find((signal) => !canBeEndpoint(value, protocolIn(signal, environment)));
  return bad && 'must be an address with http:// or https:// before it: nothing is sent';
}

function readable(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch {
    return 'is not a file that can be read: it is left out';
  }
}

function withPartner(own: string, partner: string): Check {
  return (path, environment, name) => {
    const other = environment[name.replace(own, partner)] || environment[`OTEL_EXPORTER_OTLP_${partner}`];
    return readable(path) ?? (other ? undefined : `has no effect without ${name.replace(own, partner)}`);
  };
}

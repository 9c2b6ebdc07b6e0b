import type { DecodedSpan } from '@app/otlp';
import { type About, type Rule, spanRule } from '../rule';
import { contradiction, speaksTwice } from '../spans/generations';
import { TraceIndex } from '../spans/trace-index';
import { SOURCES } from './sources';

const reader = 'opentelemetry';
const always = () => true;

/** Attributes that the conventions define as whole numbers. */
const INTEGERS = [
  'server.port',
  'net.peer.port',
  'net.host.port',
  'client.port',
  'network.peer.port',
  'http.status_code',
  'http.response.status_code',
  'db.response.returned_rows',
  'db.operation.batch.size',
];

/** The rules for any span. */
export const EVERY_SPAN_RULES: readonly Rule[] = [
  required(
    'span-name',
    'a span has a name',
    'Spans without a name are one nameless heap in every list.',
    SOURCES.traceApi,
    ({ name }) => (name.trim() === '' ? 'the name is empty' : undefined),
  ),
  required(
    'span-times',
    'a span begins, and ends at its beginning or later',
    'Latency is nonsense or zero, and backends drop the span or show it in 1970.',
    SOURCES.protocol,
    timesFault,
  ),
  required(
    'service-name',
    'the resource has a service.name',
    'Nobody can tell whose span it is; some backends drop it.',
    SOURCES.service,
    ({ resource }) => (resource['service.name'] ? undefined : 'the resource has no service.name'),
  ),
  spanRule(
    {
      ...{ id: 'opentelemetry/service-name-chosen', reader, level: 'recommended', source: SOURCES.service },
      title: 'somebody chose the service.name',
      without: 'All services without a name of their own are one service, unknown_service.',
    },
    {
      appliesTo: ({ resource }) => Boolean(resource['service.name']),
      fault: ({ service }) =>
        service.startsWith('unknown_service') ? `service.name is ${service}, the SDK's fallback` : undefined,
    },
  ),
  required(
    'one-span-per-id',
    'each span arrived once',
    'Whatever is computed from spans counts it as often as it came.',
    SOURCES.traceApi,
    repeated,
  ),
  spanRule(
    {
      ...{ id: 'opentelemetry/integers', reader, level: 'required', source: SOURCES.databaseSpans },
      title: 'ports, status codes and counts are integers',
      without: 'Readers that take an integer see nothing: no port, no status code.',
      attributes: INTEGERS,
    },
    {
      appliesTo: ({ attributes }) => INTEGERS.some((name) => attributes[name] !== undefined),
      fault: ({ attributes, doubles }) => {
        const wrong = INTEGERS.find(
          (name) =>
            attributes[name] !== undefined &&
            (typeof attributes[name] !== 'number' || doubles?.includes(name)),
        );
        return wrong && `${wrong} is a ${doubles?.includes(wrong) ? 'double' : typeof attributes[wrong]}`;
      },
    },
  ),
  spanRule(
    {
      ...{ id: 'opentelemetry/generations-agree', reader, level: 'required', source: SOURCES.databaseSpans },
      title: 'old and current names say the same',
      without: 'What a page shows depends on which generation of names its backend reads.',
    },
    {
      appliesTo: speaksTwice,
      fault: contradiction,
    },
  ),
];

function required(
  what: string,
  title: string,
  without: string,
  source: About['source'],
  fault: (span: DecodedSpan, spans: readonly DecodedSpan[]) => string | undefined,
): Rule {
  return spanRule(
    { id: `opentelemetry/${what}`, reader, level: 'required', title, without, source },
    { appliesTo: always, fault: (span, { spans }) => fault(span, spans) },
  );
}

function timesFault({ startUnixNano, endUnixNano }: DecodedSpan): string | undefined {
  if (startUnixNano === 0n || endUnixNano === 0n) return 'it has no beginning or no end';
  return endUnixNano < startUnixNano ? 'it ends before it begins' : undefined;
}

/** Zipkin's two halves of one call share an id, but differ in kind. */
function repeated(span: DecodedSpan, spans: readonly DecodedSpan[]): string | undefined {
  const first = TraceIndex.of(spans).first(span);
  return first === span || first?.kind !== span.kind ? undefined : 'a span of this id came before';
}

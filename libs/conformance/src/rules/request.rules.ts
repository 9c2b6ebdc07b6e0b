import type { DecodedSpan } from '@app/otlp';
import { type Fault, type Rule, spanRule, wholeRule } from '../rule';
import { httpMethod, httpStatus, isEntry, isRequest, isStatement } from '../spans/classify';
import { TraceIndex } from '../spans/trace-index';
import { valueInName, valueInPath } from '../spans/values-in-names';
import { conventionsOf } from './convention';
import { SOURCES } from './sources';

const about = conventionsOf(SOURCES.httpSpans);

/** What the conventions say of a request, and of where the work of a service begins. */
export const REQUEST_RULES: readonly Rule[] = [
  spanRule(
    about('server-error-status', 'required', 'a request that was answered 5xx has the status ERROR', {
      without: 'The service looks healthy while it answers 5xx.',
    }),
    {
      appliesTo: (span) => isRequest(span) && (httpStatus(span) ?? 0) >= 500,
      fault: (span) =>
        span.status === 'ERROR' ? undefined : `it was answered ${httpStatus(span)}, status is ${span.status}`,
    },
  ),
  spanRule(
    about('client-error-status', 'required', 'a request that was answered 4xx leaves the status unset', {
      without: "The service's error rate counts mistakes of its callers.",
    }),
    {
      appliesTo: (span) => isRequest(span) && between(httpStatus(span), 400, 500),
      fault: (span) =>
        span.status === 'ERROR' ? `it was answered ${httpStatus(span)}, status is ERROR` : undefined,
    },
  ),
  spanRule(
    about('route-is-a-template', 'required', 'http.route is the template, not the path that was asked for', {
      without: 'Each id makes a metric series and an endpoint of its own.',
      attributes: ['http.route'],
    }),
    {
      appliesTo: ({ attributes }) => typeof attributes['http.route'] === 'string',
      fault: ({ attributes }) => {
        const value = valueInPath(String(attributes['http.route']));
        return value && `${attributes['http.route']} holds ${value}`;
      },
    },
  ),
  spanRule(
    about('no-values-in-request-name', 'required', 'the name of a request holds no values', {
      without: 'Each id makes an operation of its own in every list.',
    }),
    {
      appliesTo: isRequest,
      fault: ({ name }) => {
        const value = valueInName(name);
        return value && `the name holds ${value}`;
      },
    },
  ),
  spanRule(
    about('request-kind', 'required', 'a request that came in is a SERVER span', {
      without: 'The service has no requests, and calls itself in the map of services.',
    }),
    {
      // Middleware of a framework sets its route on INTERNAL spans of its own, but no method.
      appliesTo: ({ kind, attributes }) =>
        cameIn(attributes) && (kind !== 'INTERNAL' || httpMethod(attributes) !== undefined),
      fault: (span) => (isEntry(span) ? undefined : `kind is ${span.kind}`),
    },
  ),
  ...['http.request.method', 'url.path', 'url.scheme'].map((name) =>
    spanRule(
      about(name, 'required', `a request under stable names has ${name}`, {
        without: 'Endpoints cannot be told apart by method and address.',
        attributes: [name],
      }),
      {
        appliesTo: (span) =>
          span.kind === 'SERVER' &&
          (span.attributes['http.request.method'] !== undefined ||
            span.attributes['http.response.status_code'] !== undefined),
        fault: ({ attributes }) => (attributes[name] ? undefined : `${name} is missing`),
      },
    ),
  ),
  spanRule(
    about('http.route', 'recommended', 'a request that was answered 2xx has http.route', {
      without: 'Requests can be grouped by method alone.',
      attributes: ['http.route'],
    }),
    {
      appliesTo: (span) => isRequest(span) && between(httpStatus(span), 200, 300),
      fault: ({ attributes }) => (attributes['http.route'] ? undefined : 'http.route is missing'),
    },
  ),
  spanRule(
    about('request-error-type', 'recommended', 'a failed request under stable names has error.type', {
      without: 'Failures of different causes cannot be told apart.',
      attributes: ['error.type'],
      source: SOURCES.recordingErrors,
    }),
    {
      appliesTo: (span) =>
        isRequest(span) && span.attributes['http.request.method'] !== undefined && span.status === 'ERROR',
      fault: ({ attributes }) => (attributes['error.type'] ? undefined : 'error.type is missing'),
    },
  ),
  wholeRule(
    about('entry-span', 'required', 'a service has SERVER or CONSUMER spans above its statements, or a job', {
      without:
        'Backends know a service by the work it was asked for; this one has none: no requests, no error rate.',
      source: SOURCES.traceApi,
    }),
    'traces',
    ({ spans }) => withoutEntry(spans),
  ),
];

/** Names of work that runs on a schedule, not on request. */
const JOB = /job|cron|schedul|batch|worker|task|migrat|poll|startup|tick/i;

/** Statements of a service without any span of a request. Spans above a statement may not have been received. */
function withoutEntry(spans: readonly DecodedSpan[]): { checked: number; faults: Fault[] } {
  const index = TraceIndex.of(spans);
  const whole = spans.filter((span) => {
    const above = index.ancestors(span);
    const own = above.filter(({ service }) => service === span.service);
    return isStatement(span) && above.at(-1)?.parentSpanId === '' && !own.some(({ name }) => JOB.test(name));
  });
  const services = new Set(whole.map(({ service }) => service));
  const faults = [...services]
    .filter((service) => !spans.some((span) => span.service === service && isEntry(span)))
    .map((service) => ({
      subject: service,
      what: 'its statements have no SERVER or CONSUMER span above them',
    }));
  return { checked: services.size, faults };
}

const between = (value: number | undefined, from: number, below: number) =>
  value !== undefined && value >= from && value < below;

/** Attributes that only a server knows. */
function cameIn(attributes: DecodedSpan['attributes']): boolean {
  const server =
    attributes['http.route'] !== undefined ||
    attributes['http.target'] !== undefined ||
    attributes['url.path'] !== undefined;
  const client = attributes['url.full'] !== undefined || attributes['http.url'] !== undefined;
  return (
    server && !client && attributes['db.system'] === undefined && attributes['db.system.name'] === undefined
  );
}

import { type Attributes, context, propagation, SpanStatusCode } from '@opentelemetry/api';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { MetricService } from 'nestjs-otel';
import { scrubbedPath } from './find-route';
import { recordsSpans, startSpan, type TracedSpan, withSpan } from './in-span';
import { RequestAttributes, type RequestOutcome } from './request-attributes';

// Machines request these every few seconds: their spans would bury those of people.
const UNTRACED = /^\/(health|docs|docs-json|metrics|demo\/status)(\/|$)/;

/** Buckets that the semantic conventions give for HTTP, in seconds. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/**
 * Express middleware: one SERVER span per request, child of the caller's `traceparent`, named `{method} {route}` once
 * the route is known, and the HTTP metrics. It comes first in the chain, so that refused bodies and unknown routes
 * count too.
 */
export function traceRequests(metrics: MetricService): RequestHandler {
  const requests = new RequestAttributes();
  const active = new Map<Attributes, number>();
  const change = (by: number, attributes: Attributes) =>
    active.set(attributes, (active.get(attributes) ?? 0) + by);
  metrics
    .getObservableUpDownCounter('http.server.active_requests', {
      unit: '{request}',
      description: 'Requests that are being worked on',
    })
    .addCallback((result) => {
      for (const [attributes, count] of active) result.observe(count, attributes);
    });
  const duration = metrics.getHistogram('http.server.request.duration', {
    unit: 's',
    description: 'From the request to the end of its answer',
    advice: { explicitBucketBoundaries: DURATION_BUCKETS },
  });
  return (request: Request, response: Response, next: NextFunction): void => {
    if (UNTRACED.test(request.path)) return next();
    const started = performance.now();
    const { active: method, name, span: start } = requests.started(request);
    change(1, method);
    const parent = propagation.extract(context.active(), request.headers);
    const span = recordsSpans() ? startSpan(name, start, parent) : undefined;
    // Without a span of ours, log lines still have the caller's trace.
    const within = span ? withSpan(parent, span) : parent;
    response.on('close', () => {
      change(-1, method);
      const outcome = requests.ended(request, response);
      duration.record((performance.now() - started) / 1_000, outcome.metric, within);
      if (span) finish(span, outcome, request.path);
    });
    context.with(within, next);
  };
}

function finish(span: TracedSpan, outcome: RequestOutcome, path: string): void {
  const { name, attributes, parametrized, failed } = outcome;
  if (name) span.updateName(name);
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttributes(attributes);
  if (parametrized) span.setAttributes({ 'url.path': scrubbedPath(parametrized, path) });
  span.end();
}

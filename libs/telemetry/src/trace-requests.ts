import { type Attributes, context, propagation, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { MetricService } from 'nestjs-otel';
import type { SpanAttributes } from './attributes';
import { startSpan, type TracedSpan, withSpan } from './in-span';

// Asked every few seconds by machines: spans of them would bury those of people.
const UNTRACED = /^\/(health|docs|docs-json|metrics)(\/|$)/;

/** Buckets that the semantic conventions give for HTTP, in seconds. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/**
 * Express middleware: one SERVER span per request, child of the caller's `traceparent`, named `{method} {route}` once
 * the route is known, and the HTTP metrics. First in the chain, so that refused bodies and unknown routes count too.
 */
export function traceRequests(metrics: MetricService): RequestHandler {
  const active = metrics.getUpDownCounter('http.server.active_requests', {
    unit: '{request}',
    description: 'Requests that are being worked on',
  });
  const duration = metrics.getHistogram('http.server.request.duration', {
    unit: 's',
    description: 'From the request to the end of its answer',
    advice: { explicitBucketBoundaries: DURATION_BUCKETS },
  });
  return (request: Request, response: Response, next: NextFunction): void => {
    if (UNTRACED.test(request.path)) return next();
    const started = performance.now();
    const method = { 'http.request.method': request.method, 'url.scheme': request.protocol };
    active.add(1, method);
    const parent = propagation.extract(context.active(), request.headers);
    const attributes = {
      ...method,
      'http.method': request.method,
      'network.protocol.version': request.httpVersion,
    };
    const span = startSpan(request.method, { kind: SpanKind.SERVER, attributes }, parent);
    response.once('close', () => {
      active.add(-1, method);
      duration.record((performance.now() - started) / 1_000, {
        ...method,
        ...finish(span, request, response),
      });
    });
    context.with(withSpan(parent, span), next);
  };
}

/** Ends the span; answers with the attributes that the metric takes over. */
function finish(span: TracedSpan, request: Request, response: Response): Attributes {
  const status = response.statusCode;
  const outcome: SpanAttributes = { 'http.response.status_code': status };
  // The pattern, not the path: ids in a path are values of somebody's data.
  const route: unknown = request.route?.path;
  if (typeof route === 'string') {
    outcome['http.route'] = route;
    span.updateName(`${request.method} ${route}`);
    span.setAttributes({ 'url.path': route });
  }
  if (!response.writableFinished) outcome['error.type'] = 'caller_gone';
  if (status >= 500) {
    outcome['error.type'] = String(status);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.setAttributes({ ...outcome, 'http.status_code': status });
  span.end();
  return outcome;
}

import {
  type Attributes,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { NextFunction, Request, Response } from 'express';
import { SCOPE } from './in-span';

// Asked every few seconds by machines: spans of them would bury those of people.
const UNTRACED = /^\/(health|docs|docs-json|metrics)(\/|$)/;

/**
 * Express middleware: one SERVER span per request, child of the caller's `traceparent`, named
 * `{method} {route}` once the route is known. First in the chain, so that refused bodies and unknown
 * routes have a span too.
 */
export function requestSpan(request: Request, response: Response, next: NextFunction): void {
  if (UNTRACED.test(request.path)) return next();
  const parent = propagation.extract(context.active(), request.headers);
  const options = { kind: SpanKind.SERVER, attributes: requestAttributes(request) };
  const span = trace.getTracer(SCOPE).startSpan(request.method, options, parent);
  response.once('close', () => finish(span, request, response));
  context.with(trace.setSpan(parent, span), next);
}

function requestAttributes(request: Request): Attributes {
  return {
    'http.request.method': request.method,
    'http.method': request.method,
    'url.scheme': request.protocol,
    'network.protocol.version': request.httpVersion,
    'server.port': request.socket.localPort,
  };
}

function finish(span: Span, request: Request, response: Response): void {
  // The pattern, not the path: ids in a path are values of somebody's data.
  const route: unknown = request.route?.path;
  if (typeof route === 'string') {
    span.updateName(`${request.method} ${route}`);
    span.setAttributes({ 'http.route': route, 'url.path': route });
  }
  const status = response.statusCode;
  span.setAttributes({ 'http.response.status_code': status, 'http.status_code': status });
  if (!response.writableFinished) span.setAttribute('error.type', 'client_disconnected');
  if (status >= 500) {
    span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

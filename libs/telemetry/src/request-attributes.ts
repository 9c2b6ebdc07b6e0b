import { type Attributes, SpanKind } from '@opentelemetry/api';
import type { Request, Response } from 'express';
import type { SpanAttributes } from './attributes';
import type { SpanStart } from './in-span';

/** What is known of a request when it comes. */
interface RequestStart {
  /** Attributes of the metric of requests that are being worked on. */
  active: Attributes;
  span: SpanStart;
}

/** What is known of a request at its end. */
export interface RequestOutcome {
  /** Name of the span; undefined when no route was met. */
  name?: string;
  /** What the span has to learn. */
  attributes: SpanAttributes;
  /** Attributes of the metric of durations. */
  metric: Attributes;
  failed: boolean;
}

/** In place of the route where none was met. */
const NO_ROUTE = {};

/**
 * The attributes of requests. Those of the same method, route and status are the same frozen object, so that they are
 * encoded and counted under without looking at each again. There are few: Node knows the methods, and a service its routes.
 */
export class RequestAttributes {
  private readonly starts = new Map<string, Map<string, RequestStart>>();
  private readonly outcomes = new Map<object, Map<string, Map<number, RequestOutcome>>>();

  started({ method, protocol, httpVersion }: Request): RequestStart {
    const ofMethod = remembered(this.starts, method, () => new Map<string, RequestStart>());
    return remembered(ofMethod, protocol === 'https' ? `s${httpVersion}` : httpVersion, () => {
      const active = Object.freeze({ 'http.request.method': method, 'url.scheme': protocol });
      const attributes = Object.freeze({
        ...active,
        'http.method': method,
        'network.protocol.version': httpVersion,
      });
      return { active, span: { kind: SpanKind.SERVER, attributes } };
    });
  }

  ended(request: Request, response: Response): RequestOutcome {
    const { method, protocol } = request;
    const { statusCode: status, writableFinished: answered } = response;
    // The pattern, not the path: ids in a path are values of somebody's data.
    const path: unknown = request.route?.path;
    const route = typeof path === 'string' ? path : undefined;
    const ofRoute = remembered(this.outcomes, request.route ?? NO_ROUTE, () => new Map());
    const ofMethod = remembered(ofRoute, method, () => new Map<number, RequestOutcome>());
    // Numbers are found without being spelled: this is asked for each request.
    return remembered(ofMethod, status * 4 + (answered ? 2 : 0) + (protocol === 'https' ? 1 : 0), () =>
      outcomeOf(method, protocol, route, status, answered),
    );
  }
}

function outcomeOf(
  method: string,
  protocol: string,
  route: string | undefined,
  status: number,
  answered: boolean,
): RequestOutcome {
  const failed = status >= 500;
  const error = failed ? String(status) : answered ? undefined : 'caller_gone';
  const both = {
    'http.response.status_code': status,
    ...(route && { 'http.route': route }),
    ...(error && { 'error.type': error }),
  };
  return {
    name: route && `${method} ${route}`,
    attributes: Object.freeze({ ...both, ...(route && { 'url.path': route }), 'http.status_code': status }),
    metric: Object.freeze({ 'http.request.method': method, 'url.scheme': protocol, ...both }),
    failed,
  };
}

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}

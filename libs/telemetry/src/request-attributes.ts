import { type Attributes, SpanKind } from '@opentelemetry/api';
import type { Request, Response } from 'express';
import type { SpanAttributes } from './attributes';
import { findRoute } from './find-route';
import type { SpanStart } from './in-span';

/** What is known of a request when it arrives. */
interface RequestStart {
  /** Attributes of the metric of requests in progress. */
  active: Attributes;
  /** Name of the span until the route is known. */
  name: string;
  span: SpanStart;
}

/** What is known of a request at its end. */
export interface RequestOutcome {
  /** Name of the span; undefined if no route matched. */
  name?: string;
  /** Attributes that the span gets at the end. */
  attributes: SpanAttributes;
  /** Attributes of the metric of durations. */
  metric: Attributes;
  /** The route, if it has parameters: each request then has another path. */
  parametrized?: string;
  failed: boolean;
}

/** The methods that the semantic conventions know; all others are counted as one. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'];

/** Replaces the route if none matched. */
const NO_ROUTE = {};

/**
 * The attributes of requests. Those of the same method, route and status are the same frozen object, so that they are
 * encoded and counted without checking each again. There are few: Node knows the methods, and a service its routes.
 */
export class RequestAttributes {
  private readonly starts = new Map<string, Map<string, RequestStart>>();
  private readonly outcomes = new Map<object, Map<string, Map<number, RequestOutcome>>>();

  started({ method, protocol, httpVersion }: Request): RequestStart {
    const ofMethod = remembered(this.starts, method, () => new Map<string, RequestStart>());
    return remembered(ofMethod, protocol === 'https' ? `s${httpVersion}` : httpVersion, () => {
      const known = METHODS.includes(method);
      const active = Object.freeze({
        'http.request.method': known ? method : '_OTHER',
        'url.scheme': protocol,
      });
      const attributes = Object.freeze({
        ...active,
        ...(!known && { 'http.request.method_original': method }),
        'http.method': method,
        'network.protocol.version': httpVersion,
      });
      const name = known ? method : 'HTTP';
      return { active, name, span: { kind: SpanKind.SERVER, attributes } };
    });
  }

  ended(request: Request, response: Response): RequestOutcome {
    const { method, protocol } = request;
    const { statusCode: status, writableFinished: answered } = response;
    // A request that was refused before routing has a route all the same.
    const met = request.route ?? findRoute(request);
    const ofRoute = remembered(this.outcomes, met ?? NO_ROUTE, () => new Map());
    const ofMethod = remembered(ofRoute, method, () => new Map<number, RequestOutcome>());
    // Numbers are used as keys because they need no formatting: this runs for each request.
    return remembered(ofMethod, status * 4 + (answered ? 2 : 0) + (protocol === 'https' ? 1 : 0), () => {
      const { active, name } = this.started(request);
      // The pattern, not the path: ids in a path are somebody's data.
      const route = typeof met?.path === 'string' ? met.path : undefined;
      return outcomeOf(name, active, route, answered ? status : undefined);
    });
  }
}

/** @param status undefined if nobody got an answer, because the caller disconnected before it */
function outcomeOf(
  method: string,
  active: Attributes,
  route: string | undefined,
  status: number | undefined,
): RequestOutcome {
  const failed = status === undefined || status >= 500;
  const parametrized = route?.includes('/:') ? route : undefined;
  const both = {
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(route && { 'http.route': route }),
    ...(failed && { 'error.type': status === undefined ? 'caller_gone' : String(status) }),
  };
  return {
    name: route && `${method} ${route}`,
    attributes: Object.freeze({
      ...both,
      ...(status !== undefined && { 'http.status_code': status }),
      ...(route && !parametrized && { 'url.path': route }),
    }),
    parametrized,
    metric: Object.freeze({ ...active, ...both }),
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

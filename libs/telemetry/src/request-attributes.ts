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

/** Many more than a service can have, unless somebody sends methods that do not exist. */
const MOST = 1_000;

/**
 * The attributes of requests. Those of the same method, route and status are the same frozen object, so that they are
 * encoded and counted under without looking at each again.
 */
export class RequestAttributes {
  private readonly starts = new Map<string, RequestStart>();
  private readonly outcomes = new Map<string, RequestOutcome>();

  started({ method, protocol, httpVersion }: Request): RequestStart {
    return remembered(this.starts, `${method} ${protocol} ${httpVersion}`, () => {
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
    return remembered(this.outcomes, `${method} ${protocol} ${route} ${status} ${answered}`, () =>
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

function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  let value = known.get(key);
  if (!value) {
    value = make();
    if (known.size < MOST) known.set(key, value);
  }
  return value;
}

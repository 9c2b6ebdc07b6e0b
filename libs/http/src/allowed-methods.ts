import { Problem } from '@app/problem';
import type { Express, RequestHandler } from 'express';

/** The part of Express's layer that is used here: a route with its methods, and whether it has a path. */
interface Layer {
  route?: { methods: Record<string, boolean> };
  match(path: string): boolean;
}

/**
 * Express middleware for requests that no route has answered. A path that exists with other methods gets 405, and
 * OPTIONS gets 204, both with `Allow`; any other path gets `notFound`.
 */
export function allowedMethods(express: Express, notFound: RequestHandler): RequestHandler {
  return (request, response, next) => {
    const allowed = methodsOf(express.router.stack as unknown as Layer[], request.path);
    if (allowed.length === 0) return notFound(request, response, next);
    const headers = { Allow: [...allowed, 'OPTIONS'].join(', ') };
    if (request.method === 'OPTIONS') return void response.status(204).set(headers).end();
    const detail = `${request.method} is not possible here; ${allowed.join(', ')} ${allowed.length > 1 ? 'are' : 'is'}.`;
    next(new Problem('method-not-allowed', detail, {}, headers));
  };
}

function methodsOf(layers: readonly Layer[], path: string): string[] {
  const methods = layers.flatMap(({ route }, index) => {
    return route && hasPath(layers[index] as Layer, path) ? Object.keys(route.methods) : [];
  });
  // Express answers HEAD with the route of GET.
  const upper = methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  return [...new Set(upper)];
}

/** No route matches a path that cannot be decoded. */
function hasPath(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}

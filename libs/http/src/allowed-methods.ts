import { Problem } from '@app/problem';
import type { Express, RequestHandler } from 'express';

/** As far as it is looked at here: a route with its methods, and whether it has a path. */
interface Layer {
  route?: { methods: Record<string, boolean> };
  match(path: string): boolean;
}

/**
 * Express middleware for what no route has answered. A path that is known with other methods is answered 405, and
 * OPTIONS 204, both with `Allow`; any other path is `notFound`.
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
  // Express answers HEAD by the route of GET.
  const upper = methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  return [...new Set(upper)];
}

/** A path that cannot be decoded is no route's. */
function hasPath(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}

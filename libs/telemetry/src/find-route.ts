import type { Request } from 'express';

/** The part of an Express route that is used here. */
interface Route {
  path: unknown;
  methods: Record<string, boolean>;
}

interface Layer {
  route?: Route;
  match(path: string): boolean;
}

/**
 * The route that a request would have matched: a request that was refused earlier, for example for a body that is not
 * JSON, is still recorded under its route. Undefined if the service has no such route.
 */
export function findRoute({ app, method, path }: Request): Route | undefined {
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  const layers = (app?.router?.stack ?? []) as unknown as Layer[];
  return layers.find((layer) => layer.route?.methods[verb] && matches(layer, path))?.route;
}

/** No route matches a path that cannot be decoded. */
function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}

/**
 * The path of a request to that route. A parameter's value is removed unless it is a whole number, the key of a row:
 * anything else is somebody's data.
 */
export function scrubbedPath(route: string, path: string): string {
  const given = path.split('/');
  const segments = route.split('/').map((segment, index) => {
    if (!segment.startsWith(':')) return segment;
    return /^\d+$/.test(given[index] ?? '') ? given[index] : 'REDACTED';
  });
  return segments.join('/');
}

import type { Request } from 'express';

/** A route of Express, as far as it is looked at here. */
interface Route {
  path: unknown;
  methods: Record<string, boolean>;
}

interface Layer {
  route?: Route;
  match(path: string): boolean;
}

/**
 * The route that a request would have met: one that was refused before, such as for a body that is no JSON, is told
 * under its route all the same. Undefined where the service has none for it.
 */
export function findRoute({ app, method, path }: Request): Route | undefined {
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  const layers = (app?.router?.stack ?? []) as unknown as Layer[];
  return layers.find((layer) => layer.route?.methods[verb] && matches(layer, path))?.route;
}

/** A path that cannot be decoded is no route's. */
function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}

/**
 * The path of a request to that route. What stands for a parameter is left out unless it is a whole number, the key of
 * a row: anything else is somebody's data.
 */
export function scrubbedPath(route: string, path: string): string {
  const given = path.split('/');
  const segments = route.split('/').map((segment, place) => {
    if (!segment.startsWith(':')) return segment;
    return /^\d+$/.test(given[place] ?? '') ? given[place] : 'REDACTED';
  });
  return segments.join('/');
}

import { join } from 'node:path';
import { PRODUCT_ROOT } from '@app/configuration';
import { Problem } from '@app/problem';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';

/** Where the build of the page puts it. */
const PUBLIC = join(PRODUCT_ROOT, 'dist/apps/console/public');
const SELF = ["'self'"];
const NONE = ["'none'"];

/** The files of the page. Those whose names carry their content's hash never change. */
export function pageFiles(): RequestHandler {
  return express.static(PUBLIC, {
    setHeaders: (response, path) => {
      response.setHeader(
        'Cache-Control',
        path.includes('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
}

/** The page loads from here and from nowhere else. Plain HTTP on a laptop: it may not promise TLS. */
export function pageHeaders(): RequestHandler {
  return helmet({
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: NONE,
        scriptSrc: SELF,
        styleSrc: SELF,
        imgSrc: SELF,
        connectSrc: SELF,
        baseUri: NONE,
        formAction: NONE,
        frameAncestors: NONE,
      },
    },
  });
}

/** Refuses changes that a page of another origin sends: it could switch faults on in the browser of a presenter. */
export function sameOriginOnly(request: Request, _response: Response, next: NextFunction): void {
  const { origin, host } = request.headers;
  const own = origin === undefined || URL.parse(origin)?.host === host;
  if (request.method === 'GET' || own) return next();
  next(new Problem('forbidden', 'Changes are taken from this page only.'));
}

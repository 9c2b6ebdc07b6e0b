import { join } from 'node:path';
import { PRODUCT_ROOT } from '@app/configuration';
import { changesFromElsewhere } from '@app/http';
import { Problem } from '@app/problem';
import express, { type RequestHandler } from 'express';
import helmet from 'helmet';
import type { ConsoleConfiguration } from './configuration/console-configuration';

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
export function sameOriginOnly({ LISTEN_ADDRESS }: ConsoleConfiguration): RequestHandler {
  return (request, _response, next) => {
    if (!changesFromElsewhere(request, LISTEN_ADDRESS)) return next();
    next(new Problem('forbidden', 'Changes are taken from this page only.'));
  };
}

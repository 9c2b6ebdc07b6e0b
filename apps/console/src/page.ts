import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT_ROOT } from '@app/configuration';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type RequestHandler } from 'express';
import helmet from 'helmet';

/** The folder that the build of the page writes to. */
const PUBLIC = join(PRODUCT_ROOT, 'dist/apps/console/public');
const SELF = ["'self'"];
const NONE = ["'none'"];

/** Serves the files of the page, each as a route. Files with a hash of their content in the name never change. */
export function servePage(app: NestExpressApplication): void {
  const serve = express.static(PUBLIC, {
    extensions: ['html'],
    setHeaders: (response, path) => {
      response.setHeader(
        'Cache-Control',
        path.includes('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  const files = readdirSync(PUBLIC, { recursive: true }).map((file) => `/${file}`);
  app
    .getHttpAdapter()
    .getInstance()
    .get(['/', '/prompter', ...files], serve);
}

/** The page loads everything from here and nowhere else; the page of the OpenAPI document has inline styles and icons. */
export function pageHeaders(): RequestHandler {
  const page = headers({ styleSrc: SELF, imgSrc: SELF });
  const docs = headers({ styleSrc: [...SELF, "'unsafe-inline'"], imgSrc: [...SELF, 'data:'] });
  return (request, response, next) =>
    (/^\/docs(\/|$)/.test(request.path) ? docs : page)(request, response, next);
}

/** Plain HTTP on a laptop must not promise TLS. */
function headers(own: { styleSrc: string[]; imgSrc: string[] }): RequestHandler {
  return helmet({
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: NONE,
        scriptSrc: SELF,
        ...own,
        connectSrc: SELF,
        baseUri: NONE,
        formAction: NONE,
        frameAncestors: NONE,
      },
    },
  });
}

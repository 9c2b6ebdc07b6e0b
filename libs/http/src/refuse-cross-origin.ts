import { Problem } from '@app/problem';
import type { RequestHandler } from 'express';
import { changesFromElsewhere } from './cross-origin';

/** Express middleware: no page on the web changes anything here through the browser of somebody who runs the demo. */
export function refuseCrossOrigin(listenAddress: string): RequestHandler {
  return (request, _response, next) => {
    if (!changesFromElsewhere(request, listenAddress)) return next();
    next(new Problem('forbidden', 'A page of another origin may not change anything here.'));
  };
}

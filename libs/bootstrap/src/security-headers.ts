import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Express middleware that sets Helmet's headers. They are the same for each answer, so Helmet runs only once. */
export function securityHeaders(): RequestHandler {
  const answer = new ServerResponse(new IncomingMessage(new Socket()));
  helmet({
    // Plain HTTP on a laptop or behind a proxy must not promise TLS.
    strictTransportSecurity: false,
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  })(answer.req, answer, () => undefined);
  const headers = new Map(answer.getHeaderNames().map((name) => [name, String(answer.getHeader(name))]));
  return (_request, response, next) => {
    response.setHeaders(headers);
    next();
  };
}

import { once } from 'node:events';
import { createServer, type ServerOptions } from 'node:http';
import { Server } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { RequestHandler, Response } from 'express';
import { allowedMethods } from './allowed-methods';
import { listen } from './listen';

/** Milliseconds in which a connection that was accepted just before the end can still deliver its request. */
const LAST_REQUEST_MS = 100;

/**
 * What ends slow and endless requests: the headers must be there after 10 s, all of a request after 15 s. Those that are
 * late are cut in one go, and a cut takes up to half a millisecond: looked at seldom, hundreds of them hold up everybody.
 * Looking takes 0.15 ms, so ten times a second it is, and the limits are that and a bit less.
 */
export const HTTP_LIMITS: ServerOptions = {
  maxHeaderSize: 16 * 1_024,
  headersTimeout: 9_800,
  requestTimeout: 14_800,
  connectionsCheckingInterval: 100,
  // Longer than the idle time of usual load balancers, so that they close first.
  keepAliveTimeout: 65_000,
};

/** Express on an HTTP server with these limits. */
export class LimitedExpressAdapter extends ExpressAdapter {
  private further: Server[] = [];

  override initHttpServer(): void {
    // Without an ETag no copy is fresh; Express would answer 304 to `If-None-Match: *` all the same.
    this.getInstance().set('etag', false).disable('x-powered-by');
    Object.defineProperty(this.getInstance().request, 'fresh', { value: false });
    this.httpServer = createServer(HTTP_LIMITS, this.getInstance());
  }

  /** As `listen` does with the address. */
  async listenOn(port: number, address: string): Promise<void> {
    this.further = await listen(this.httpServer, port, address);
  }

  /** What no route has answered: the path is unknown, or it is known with other methods. */
  override setNotFoundHandler(notFound: RequestHandler, prefix?: string): void {
    super.setNotFoundHandler(allowedMethods(this.getInstance(), notFound), prefix);
  }

  /** Sends an object as Express's `json()` does with its settings as they are here, without asking for each of them. */
  override reply(response: Response, body: unknown, statusCode?: number): void {
    if (!isPlainObject(body) || response.getHeader('Content-Type') !== undefined)
      return super.reply(response, body, statusCode);
    if (statusCode !== undefined) response.statusCode = statusCode;
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(body));
  }

  /**
   * Stops listening first and closes connections only after the last requests have come in: Node's own close takes a
   * connection whose request has not arrived yet for an idle one.
   */
  override async close(): Promise<void> {
    const { httpServer, further } = this;
    if (!httpServer.listening) return;
    Server.prototype.close.call(httpServer);
    const closed = further.map((server) => once(server.close(), 'close'));
    await setTimeout(LAST_REQUEST_MS);
    await super.close();
    await Promise.all(closed);
  }
}

function isPlainObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype;
}

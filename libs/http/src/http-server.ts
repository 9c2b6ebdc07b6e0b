import { once } from 'node:events';
import { createServer, type ServerOptions } from 'node:http';
import { Server } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { RequestHandler, Response } from 'express';
import { allowedMethods } from './allowed-methods';
import { listen } from './listen';

/** Milliseconds in which a connection that was accepted just before the end can still send its request. */
const LAST_REQUEST_MS = 100;

/**
 * Limits that end slow and endless requests: the headers must arrive within 10 s, the whole request within 15 s. Late
 * connections are cut all at once, and a cut takes up to half a millisecond: with rare checks, hundreds of cuts would
 * delay everybody. A check takes 0.15 ms, so there are ten a second, and the limits are a bit lower for it.
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
    // Without an ETag no copy is fresh, but Express would still answer 304 to `If-None-Match: *`.
    this.getInstance().set('etag', false).disable('x-powered-by');
    Object.defineProperty(this.getInstance().request, 'fresh', { value: false });
    this.httpServer = createServer(HTTP_LIMITS, this.getInstance());
  }

  /** Does what `listen` does with the address. */
  async listenOn(port: number, address: string): Promise<void> {
    this.further = await listen(this.httpServer, port, address);
  }

  /** Answers requests that no route has answered: the path is unknown, or exists with other methods. */
  override setNotFoundHandler(notFound: RequestHandler, prefix?: string): void {
    super.setNotFoundHandler(allowedMethods(this.getInstance(), notFound), prefix);
  }

  /** Sends an object as Express's `json()` does with the settings used here, without reading each of them. */
  override reply(response: Response, body: unknown, statusCode?: number): void {
    if (!isPlainObject(body) || response.getHeader('Content-Type') !== undefined)
      return super.reply(response, body, statusCode);
    if (statusCode !== undefined) response.statusCode = statusCode;
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(body));
  }

  /**
   * Stops listening first and closes connections only after the last requests have arrived: Node's own close treats a
   * connection whose request has not arrived yet as idle.
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

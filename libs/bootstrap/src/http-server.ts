import { createServer } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';

/** Express on an HTTP server whose limits end slow and endless requests. */
export class LimitedExpressAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    this.httpServer = createServer(
      {
        maxHeaderSize: 16 * 1_024,
        headersTimeout: 10_000,
        requestTimeout: 15_000,
        connectionsCheckingInterval: 2_000,
        // Longer than the idle time of usual load balancers, so that they close first.
        keepAliveTimeout: 65_000,
      },
      this.getInstance(),
    );
  }
}

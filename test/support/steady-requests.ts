import { setTimeout } from 'node:timers/promises';
import type { RunningService } from './running-service';
import { isSuccess } from './usual-request';

const PAUSE_MS = 40;
const PRODUCT = 1;

/** A few users who send requests to all three services continuously, whatever the answers are. */
export class SteadyRequests {
  private running: Promise<void>[] = [];
  private stopped = true;
  /** Pieces requested, and those that were reserved according to the answer. */
  tried = 0;
  reserved = 0;

  constructor(
    private readonly product: RunningService,
    private readonly inventory: () => RunningService,
    private readonly order: RunningService,
  ) {}

  start(): void {
    this.stopped = false;
    const users = [
      () => this.product.get('/products?limit=20'),
      () => this.product.get('/products/2'),
      () => this.product.get('/products/3'),
      () => this.inventory().get('/inventory/check/2'),
      () => this.order.get('/orders/popular-products?limit=5'),
      () => this.reserve(),
      () => this.reserve(),
    ];
    this.running = users.map((ask) => this.again(ask));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.running);
  }

  private async again(ask: () => Promise<unknown>): Promise<void> {
    while (!this.stopped) {
      await ask().catch(() => undefined);
      await setTimeout(PAUSE_MS);
    }
  }

  private async reserve(): Promise<void> {
    this.tried++;
    const { status } = await this.inventory().post('/inventory/reserve', {
      product_id: PRODUCT,
      quantity: 1,
    });
    if (isSuccess(status)) this.reserved++;
  }
}

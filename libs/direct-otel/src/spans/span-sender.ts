import type { Resource } from '@opentelemetry/resources';
import { followSystemClock } from '../clock';
import { attributeBytes } from './attribute-bytes';
import type { DirectSpan, EndedSpans } from './direct-span';
import { SpanBatch, scopeBytes } from './span-batch';
import { delimited } from './span-bytes';
import type { SpanQueue } from './span-queue';

/** As `OTEL_BSP_*` says. */
export interface Batching {
  maxExportBatchSize: number;
  scheduledDelayMillis: number;
}

/**
 * Collects the bytes of spans and gives them to a queue for each backend. A backend that is slow or away costs its own
 * spans, never memory, requests or the spans of another.
 */
export class SpanSender {
  private readonly open = new Map<string, SpanBatch>();
  /** Spans in the open batches. */
  private openSpans = 0;
  /** Batches that are full before the resource is known. */
  private early: SpanBatch[] = [];
  /** Buffers of earlier batches. */
  private readonly spare: Buffer[] = [];
  private resourceBytes?: Buffer;
  private readonly resourceRead: Promise<void>;
  private readonly timer: NodeJS.Timeout;

  constructor(
    resource: Resource,
    private readonly batching: Batching,
    private readonly queues: readonly SpanQueue[],
  ) {
    this.resourceRead = this.readResource(resource);
    this.timer = setInterval(() => {
      followSystemClock();
      this.closeBatches();
    }, batching.scheduledDelayMillis);
    this.timer.unref();
  }

  /** Where the spans of an instrumentation scope go when they end. */
  scope(name: string, version?: string, schemaUrl?: string): EndedSpans {
    const bytes = scopeBytes(name, version, schemaUrl);
    const key = bytes.toString('latin1');
    return { add: (span) => this.add(span, key, bytes) };
  }

  /** Sends what there is; resolves when each backend took it, or did not. */
  async flush(): Promise<void> {
    this.closeBatches();
    await this.resourceRead;
    await Promise.all(this.queues.map((queue) => queue.idle()));
  }

  async shutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
    await Promise.all(this.queues.map((queue) => queue.shutdown()));
  }

  private add(span: DirectSpan, key: string, scope: Buffer): void {
    if (!this.hasRoom()) return this.drop();
    let batch = this.open.get(key) ?? this.newBatch(key, scope);
    if (!batch.add(span)) {
      this.close(key, batch);
      batch = this.newBatch(key, scope);
      // Larger than a whole batch: nothing of ours comes near it.
      if (!batch.add(span)) return this.drop();
    }
    this.openSpans++;
    if (batch.spans >= this.batching.maxExportBatchSize) this.close(key, batch);
  }

  private hasRoom(): boolean {
    for (const queue of this.queues) if (queue.hasRoom(this.openSpans)) return true;
    return false;
  }

  private drop(): void {
    for (const queue of this.queues) queue.drop();
  }

  private newBatch(key: string, scope: Buffer): SpanBatch {
    const batch = new SpanBatch(scope, this.spare.pop());
    this.open.set(key, batch);
    return batch;
  }

  private closeBatches(): void {
    for (const [key, batch] of this.open) if (batch.spans > 0) this.close(key, batch);
  }

  private close(key: string, batch: SpanBatch): void {
    this.open.delete(key);
    this.openSpans -= batch.spans;
    this.useAgain(batch.seal());
    if (this.resourceBytes) void this.send(batch, this.resourceBytes);
    else this.early.push(batch);
  }

  private async send(batch: SpanBatch, resource: Buffer): Promise<void> {
    const request = { bytes: batch.request(resource), spans: batch.spans };
    const free = await Promise.all(this.queues.map((queue) => queue.send(request)));
    if (free.every(Boolean)) this.useAgain(batch.empty());
  }

  private useAgain(bytes: Buffer | undefined): void {
    if (bytes) this.spare.push(bytes);
  }

  private async readResource(resource: Resource): Promise<void> {
    // The id of the host is read from a file.
    await resource.waitForAsyncAttributes?.();
    const bytes = delimited(0x0a, attributeBytes(resource.attributes, 1));
    this.resourceBytes = bytes;
    for (const batch of this.early.splice(0)) void this.send(batch, bytes);
  }
}

import type { Resource } from '@opentelemetry/resources';
import { followSystemClock } from '../clock';
import { attributeBytes } from './attribute-bytes';
import type { DirectSpan, EndedSpans } from './direct-span';
import { SpanBatch, scopeBytes } from './span-batch';
import { delimited } from './span-bytes';
import type { SpanQueue } from './span-queue';

/** The values of the `OTEL_BSP_*` variables. */
export interface Batching {
  maxExportBatchSize: number;
  scheduledDelayMillis: number;
}

/**
 * Collects the bytes of spans and gives them to one queue for each backend. A backend that is slow or down costs its
 * own spans, never memory, requests or another backend's spans.
 */
export class SpanSender {
  private readonly open = new Map<string, SpanBatch>();
  /** Number of spans in the open batches. */
  private openSpans = 0;
  /** Batches that became full before the resource was known. */
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

  /** Receives the spans of an instrumentation scope when they end. */
  scope(name: string, version?: string, schemaUrl?: string): EndedSpans {
    const bytes = scopeBytes(name, version, schemaUrl);
    const key = bytes.toString('latin1');
    return { add: (span) => this.add(span, key, bytes) };
  }

  /** Sends what was not sent yet; resolves when each backend has accepted it or refused it. */
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
      // Larger than a whole batch; none of our spans comes near it.
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
    // The id of the host has to be read from a file.
    await resource.waitForAsyncAttributes?.();
    const bytes = delimited(0x0a, attributeBytes(resource.attributes, 1));
    this.resourceBytes = bytes;
    for (const batch of this.early.splice(0)) void this.send(batch, bytes);
  }
}

import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from '@opentelemetry/otlp-exporter-base/node-http';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { Resource } from '@opentelemetry/resources';
import { followSystemClock } from '../clock';
import type { ExportCounts } from '../export-counts';
import { attributeBytes } from './attribute-bytes';
import type { DirectSpan, EndedSpans } from './direct-span';
import { SpanBatch, scopeBytes } from './span-batch';
import { delimited } from './span-bytes';

/** As `OTEL_BSP_*` says. */
export interface Batching {
  /** Spans that may wait to be sent; more are dropped. */
  maxQueueSize?: number;
  maxExportBatchSize?: number;
  scheduledDelayMillis: number;
  /** Milliseconds that a request may take, its repetitions included. */
  exportTimeoutMillis?: number;
}

interface Request {
  bytes: Buffer;
  spans: number;
}

/**
 * Collects the bytes of spans and sends them one request after the other, by the transport of the OTLP exporter: with
 * its endpoint, headers, compression, TLS, timeout and retries. A backend that is slow or away costs spans, never
 * memory or requests.
 */
export class SpanSender {
  readonly counts: ExportCounts = { sent: 0, dropped: 0 };
  private readonly maxWaiting: number;
  private readonly maxInBatch: number;
  private readonly exporter: OTLPExporterBase<Request>;
  private readonly open = new Map<string, SpanBatch>();
  private readonly full: SpanBatch[] = [];
  /** Buffers of batches that were sent. */
  private readonly spare: Buffer[] = [];
  /** Spans that are not sent yet. */
  private waiting = 0;
  private sending?: Promise<void>;
  private resourceBytes?: Buffer;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly resource: Resource,
    { maxQueueSize = 2_048, maxExportBatchSize = 512, scheduledDelayMillis, exportTimeoutMillis }: Batching,
  ) {
    this.exporter = new OTLPExporterBase(transport(exportTimeoutMillis));
    this.maxWaiting = maxQueueSize;
    this.maxInBatch = Math.min(maxExportBatchSize, maxQueueSize);
    this.timer = setInterval(() => {
      followSystemClock();
      this.closeBatches();
    }, scheduledDelayMillis);
    this.timer.unref();
  }

  /** Where the spans of an instrumentation scope go when they end. */
  scope(name: string, version?: string): EndedSpans {
    const bytes = scopeBytes(name, version);
    const key = bytes.toString('latin1');
    return { add: (span) => this.add(span, key, bytes) };
  }

  /** Sends what there is; resolves when the backend took it, or did not. */
  async flush(): Promise<void> {
    this.closeBatches();
    while (this.sending) await this.sending;
  }

  async shutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
    await this.exporter.shutdown();
  }

  private add(span: DirectSpan, key: string, scope: Buffer): void {
    if (this.waiting >= this.maxWaiting) {
      this.counts.dropped++;
      return;
    }
    let batch = this.open.get(key) ?? this.newBatch(key, scope);
    if (!batch.add(span)) {
      this.close(key, batch);
      batch = this.newBatch(key, scope);
      // Larger than a whole batch: nothing of ours comes near it.
      if (!batch.add(span)) return void this.counts.dropped++;
    }
    this.waiting++;
    if (batch.spans >= this.maxInBatch) this.close(key, batch);
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
    this.full.push(batch);
    this.sending ??= this.sendAll().finally(() => {
      this.sending = undefined;
    });
  }

  private async sendAll(): Promise<void> {
    if (!this.resourceBytes) {
      // The id of the host is read from a file.
      await this.resource.waitForAsyncAttributes?.();
      this.resourceBytes = delimited(0x0a, attributeBytes(this.resource.attributes, 1));
    }
    for (let batch = this.full.shift(); batch; batch = this.full.shift()) {
      const { spans } = batch;
      const sent = await this.send({ bytes: batch.request(this.resourceBytes), spans });
      this.counts[sent ? 'sent' : 'dropped'] += spans;
      this.waiting -= spans;
      if (this.spare.length < 2) this.spare.push(batch.buffer);
    }
  }

  private send(request: Request): Promise<boolean> {
    return new Promise((resolve) => this.exporter.export(request, ({ code }) => resolve(code === 0)));
  }
}

/** As the exporter of spans for `http/protobuf` has it, but for the encoding, which is done. */
function transport(limitMs = Number.POSITIVE_INFINITY) {
  const options = convertLegacyHttpOptions({}, 'TRACES', 'v1/traces', {
    'Content-Type': 'application/x-protobuf',
  });
  options.timeoutMillis = Math.min(options.timeoutMillis, limitMs);
  const { deserializeResponse } = ProtobufTraceSerializer;
  const serializer = { serializeRequest: ({ bytes }: Request) => bytes, deserializeResponse };
  const count = { name: 'span' as const, countItems: ({ spans }: Request) => spans };
  return createOtlpHttpExportDelegate(options, serializer, 'otlp_http_span_exporter', count, undefined);
}
